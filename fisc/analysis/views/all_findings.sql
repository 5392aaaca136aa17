-- 全部审核发现 / The rows of finding and the failures of comparison together, with the box of each figure where it has one.
SELECT document_id, region_code, region, department, level, fiscal_year, stage, page, rule, severity, "where", message,
       expected, actual, difference, tolerance, quote, x0, y0, x1, y1, NULL AS other_document_id, NULL AS other_page
FROM finding
UNION ALL
SELECT c.document_id, c.region_code, c.region, c.department, c.level, c.fiscal_year, c.stage, c.page, c.rule, c.severity,
       c."table", c.message, c.other_value, c.value, c.difference, c.tolerance, c.quote,
       coalesce(cell.x0, fact.x0), coalesce(cell.y0, fact.y0), coalesce(cell.x1, fact.x1), coalesce(cell.y1, fact.y1),
       c.other_document_id, c.other_page
FROM comparison c
LEFT JOIN cell ON (cell.document_id, cell."table", cell."column", cell.row) = (c.document_id, c."table", c."column", c.table_row)
LEFT JOIN fact ON c."table" = 'fact' AND (fact.document_id, fact.row) = (c.document_id, c.table_row)
WHERE c.outcome = 'fail'
