-- A department against the sum of its units: where every unit that its institution table lists has published, too.
WITH listed AS (
    SELECT DISTINCT i.document_id, i.department, i.level, series.series
    FROM kept_institution i JOIN disclosure USING (document_id, department, level)
    JOIN series ON series.department = i.name
    WHERE i.level = 'department'
),
member AS (
    SELECT d.document_id, d.department, listed.series, u.document_id AS unit_document, u.department AS unit
    FROM listed JOIN disclosure d USING (document_id, department, level)
    LEFT JOIN disclosure u ON u.level = 'unit' AND u.place = d.place AND u.series = listed.series
        AND u.fiscal_year = d.fiscal_year AND u.stage = d.stage
),
whole AS (  -- each unit once, none missing
    SELECT document_id, department, count(*) AS units FROM member
    GROUP BY ALL HAVING bool_and(unit_document IS NOT NULL) AND count(*) = count(DISTINCT series)
),
added(own_table, own_column, own_line) AS (
    VALUES ('revenue_expenditure', 'amount', 'expenditure:current_year_total'),
           ('general_public_budget', 'total', 'total'), ('general_public_budget', 'basic', 'total'),
           ('general_public_budget', 'project', 'total'), ('three_public', 'total', 'item:total'),
           ('basic_expenditure', 'personnel', 'total')
)
SELECT 'units.sum' AS rule, f.document_id, f.department, f.level, f.label, f."table", f."column", f.row AS table_row,
       f.page, f.value, NULL AS quote, NULL AS other_document_id,
       string_agg(o.document_id || ':' || o.page, ' ' ORDER BY o.department, o.document_id) AS other_documents,
       NULL AS other_department, f."table" AS other_table, f."column" AS other_column, NULL AS other_row,
       NULL AS other_page, sum(o.value) AS other_value, greatest(f.step, max(o.step)) * (count(*) + 1) / 2 AS tolerance
FROM whole JOIN member USING (document_id, department)
JOIN added ON true
JOIN figure f ON (f.document_id, f.department, f.level) = (whole.document_id, whole.department, 'department')
    AND (f."table", f."column", f.line) = (own_table, own_column, own_line)
JOIN figure o ON (o.document_id, o.department, o.level) = (unit_document, unit, 'unit')
    AND (o."table", o."column", o.line) = (own_table, own_column, own_line)
GROUP BY f.document_id, f.department, f.level, f.label, f."table", f."column", f.row, f.page, f.value, f.step, whole.units
