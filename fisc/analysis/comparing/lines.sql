-- Every line of the official tables under a name that is the same in all documents, and every figure that stands on it.
-- The tables `kept_…` hold one province.

CREATE TEMP MACRO folded(words) AS regexp_replace(words, '\s', '', 'g');

CREATE TEMP MACRO is_whole(total, name) AS
    total AND (name IS NULL OR regexp_matches(folded(name), '^(合计|总计|本年收入合计|本年支出合计|收入合计|支出合计|收入总计|支出总计)$'));

CREATE TEMP MACRO coded(unit_code, unit_name, code, name, total) AS
    coalesce(coalesce(unit_code, unit_name) || '/', '') || coalesce(code, CASE WHEN is_whole(total, name) THEN 'total' END);

CREATE TEMP TABLE line AS
SELECT document_id, department, level, 'revenue_expenditure' AS "table", row, item AS label,
       side || ':' || coalesce(key, function_code) AS line FROM kept_revenue_expenditure
UNION ALL
SELECT document_id, department, level, 'fiscal_appropriation', row, item,
       side || ':' || coalesce(key, function_code) FROM kept_fiscal_appropriation
UNION ALL
SELECT document_id, department, level, 'revenue', row, coalesce(function_name, function_code, '合计'),
       coded(unit_code, unit_name, function_code, function_name, is_total) FROM kept_revenue
UNION ALL
SELECT document_id, department, level, 'expenditure', row, coalesce(function_name, function_code, '合计'),
       coded(unit_code, unit_name, function_code, function_name, is_total) FROM kept_expenditure
UNION ALL
SELECT document_id, department, level, 'general_public_budget', row, coalesce(function_name, function_code, '合计'),
       coded(unit_code, unit_name, function_code, function_name, is_total) FROM kept_general_public_budget
UNION ALL
SELECT document_id, department, level, 'government_fund', row, coalesce(function_name, function_code, '合计'),
       coded(unit_code, unit_name, function_code, function_name, is_total) FROM kept_government_fund
UNION ALL
SELECT document_id, department, level, 'state_capital', row, coalesce(function_name, function_code, '合计'),
       coded(unit_code, unit_name, function_code, function_name, is_total) FROM kept_state_capital
UNION ALL
SELECT document_id, department, level, 'basic_expenditure', row, coalesce(economic_name, economic_code, '合计'),
       coded(unit_code, unit_name, economic_code, economic_name, is_total) FROM kept_basic_expenditure
UNION ALL
SELECT document_id, department, level, 'three_public', row, coalesce(item_text, item),
       coalesce(coalesce(unit_code, unit_name) || '/', '')
       || CASE WHEN (stage = 'budget') = (measure = 'budget') THEN 'item:' ELSE 'budget:' END || item
FROM kept_three_public;

-- A line that a table has twice can be told from no other; it is compared with nothing.
CREATE TEMP TABLE figure AS
SELECT line.document_id, line.department, line.level, line."table", cell."column", line.line, line.label, line.row,
       cell.page, cell.value, cell.step
FROM line JOIN kept_cell cell USING (document_id, "table", row)
WHERE line.line IS NOT NULL AND cell.value IS NOT NULL AND cell.step IS NOT NULL
QUALIFY count(*) OVER (PARTITION BY line.document_id, line.department, line.level, line."table", cell."column", line.line) = 1;

CREATE TEMP TABLE disclosure AS
SELECT DISTINCT document_id, coalesce(region_code, region) AS place, series.series, department, level, fiscal_year, stage
FROM (SELECT document_id, region_code, region, department, level, fiscal_year, stage FROM kept_document
      UNION SELECT document_id, region_code, region, department, level, fiscal_year, stage FROM kept_revenue_expenditure
      UNION SELECT document_id, region_code, region, department, level, fiscal_year, stage FROM kept_general_public_budget)
JOIN series USING (department);
