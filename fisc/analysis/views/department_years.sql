-- 部门历年 / One row a department, year and stage: revenue, expenditure, its parts, and the three public expenses.
-- Never add levels (a department holds its units) nor stages (budget and final accounts of one year).
WITH sides AS (
    SELECT document_id, department, level,
           max(amount) FILTER (side = 'revenue' AND key = 'total') AS revenue,
           max(amount) FILTER (side = 'revenue' AND key = 'carryover_in') AS carried_in,
           coalesce(max(amount) FILTER (side = 'expenditure' AND key = 'current_year_total'),
                    max(amount) FILTER (side = 'expenditure' AND key = 'total')) AS expenditure,
           max(amount) FILTER (side = 'expenditure' AND key = 'carryover_out') AS carried_out
    FROM revenue_expenditure GROUP BY ALL
),
spent AS (
    SELECT document_id, department, level, max(basic) AS basic, max(project) AS project FROM expenditure
    WHERE is_total AND function_code IS NULL AND unit_code IS NULL AND unit_name IS NULL GROUP BY ALL
),
public AS (
    SELECT document_id, department, level, max(total) AS general_public FROM general_public_budget
    WHERE is_total AND function_code IS NULL AND unit_code IS NULL AND unit_name IS NULL GROUP BY ALL
),
three AS (
    SELECT document_id, department, level, max(total) AS three_public FROM three_public
    WHERE item = 'total' AND unit_code IS NULL AND unit_name IS NULL AND (stage = 'budget') = (measure = 'budget') GROUP BY ALL
)
SELECT d.region_code, d.region, CASE WHEN s.department = d.department THEN d.department_series ELSE s.department END AS series,
       s.department, s.level, d.fiscal_year, d.stage,
       s.revenue, s.carried_in, s.expenditure, spent.basic, spent.project, s.carried_out, public.general_public,
       three.three_public, d.published_on, d.document_id,
       round(100.0 * d.cells_proven / nullif(d.cells, 0), 1) AS proven_percent, d.errors
FROM sides s JOIN document d ON d.document_id = s.document_id
LEFT JOIN spent ON (spent.document_id, spent.department, spent.level) = (s.document_id, s.department, s.level)
LEFT JOIN public ON (public.document_id, public.department, public.level) = (s.document_id, s.department, s.level)
LEFT JOIN three ON (three.document_id, three.department, three.level) = (s.document_id, s.department, s.level)
ORDER BY d.region_code, series, s.level, d.fiscal_year, d.stage
