-- 按功能分类（类）的支出 / Expenditure of each department and year by class of the function codes (206 = 科学技术).
-- Adds up the lowest printed codes only, so nothing counts twice; all money of the department (支出总表), with its share.
SELECT region_code, region, department, level, fiscal_year, stage, class_code, any_value(class_name) AS class_name,
       sum(value) AS total, sum(value) FILTER (expenditure_type = 'basic') AS basic,
       sum(value) FILTER (expenditure_type = 'project') AS project,
       round(100 * sum(value) / nullif(sum(sum(value)) OVER (PARTITION BY document_id, department, level), 0), 2) AS share,
       document_id, min(page) AS page
FROM budget_line
GROUP BY document_id, region_code, region, department, level, fiscal_year, stage, class_code
ORDER BY region_code, department, level, fiscal_year, stage, class_code
