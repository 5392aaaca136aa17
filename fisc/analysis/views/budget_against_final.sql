-- 决算与年初预算 / What was spent beside what was budgeted, by line of the general public budget, with the pages of both.
-- `depth` is total, 类, 款 or 项; take one depth, never their sum. `rate` is percent of the budget as published.
SELECT c.region_code, c.region, c.department, c.level, c.fiscal_year,
       CASE WHEN f.function_code IS NULL THEN 'total'
            ELSE ['类', '款', '项'][CAST((length(f.function_code) - 1) / 2 AS INTEGER)] END AS depth,
       f.function_code, left(f.function_code, 3) AS class_code, c.label AS line,
       CAST(c.other_value AS DECIMAL(18, 2)) AS budget, CAST(c.value AS DECIMAL(18, 2)) AS final,
       CAST(c.difference AS DECIMAL(18, 2)) AS difference, round(c.ratio, 1) AS rate,
       c.document_id AS final_document, c.page AS final_page, c.other_document_id AS budget_document, c.other_page AS budget_page
FROM comparison c JOIN general_public_budget f ON f.document_id = c.document_id AND f.row = c.table_row
WHERE c.rule = 'execution.rate' AND c."table" = 'general_public_budget' AND c."column" = 'total'
ORDER BY c.region_code, c.department, c.level, c.fiscal_year, f.row
