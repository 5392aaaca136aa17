-- 按功能分类（类）的支出 / Expenditure of each department and year by class of the function codes (206 = 科学技术).
-- Adds up the lowest printed codes only, so nothing counts twice; all money of the department (支出总表), with its share.
WITH coded AS (
    SELECT *, coalesce(unit_code, unit_name) AS unit FROM expenditure
    WHERE function_code IS NOT NULL AND NOT is_total
),
own AS (  -- where lines of the whole stand beside lines of each unit, those of the whole
    SELECT * FROM coded QUALIFY unit IS NULL OR count(*) FILTER (unit IS NULL) OVER (PARTITION BY document_id, department, level) = 0
),
leaf AS (
    SELECT * FROM own WHERE NOT EXISTS (
        SELECT 1 FROM own child
        WHERE child.document_id = own.document_id AND child.department = own.department AND child.level = own.level
          AND child.unit IS NOT DISTINCT FROM own.unit
          AND length(child.function_code) > length(own.function_code)
          AND starts_with(child.function_code, own.function_code)
    )
)
SELECT region_code, region, department, level, fiscal_year, stage, left(leaf.function_code, 3) AS class_code,
       coalesce(any_value(class_name), any_value(leaf.function_name) FILTER (length(leaf.function_code) = 3)) AS class_name,
       sum(total) AS total, sum(basic) AS basic, sum(project) AS project,
       round(100 * sum(total) / nullif(sum(sum(total)) OVER (PARTITION BY document_id, department, level), 0), 2) AS share,
       document_id, min(page) AS page
FROM leaf LEFT JOIN function_class ON class_code = left(leaf.function_code, 3)
GROUP BY document_id, region_code, region, department, level, fiscal_year, stage, left(leaf.function_code, 3)
ORDER BY region_code, department, level, fiscal_year, stage, class_code
