-- 矛盾 / Every figure that a document contradicts in itself (`within`) or in another document (`between`), with both values and pages.
SELECT 'within' AS kind, region_code, region, department, level, fiscal_year, stage, severity, rule, "where" AS place,
       actual, expected, difference, tolerance, message, document_id, page, NULL AS other_document_id, NULL AS other_page
FROM finding WHERE difference IS NOT NULL
UNION ALL
SELECT 'between', region_code, region, department, level, fiscal_year, stage, severity, rule, "table",
       value, other_value, difference, tolerance, message, document_id, page, other_document_id, other_page
FROM comparison WHERE outcome = 'fail' AND rule NOT IN ('execution.rate', 'three_public.within_budget')
ORDER BY severity, region_code, department, fiscal_year, stage, rule
