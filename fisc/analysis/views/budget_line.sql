-- 预算行 / Every lowest printed line of expenditure once, by type (basic, project, other): safe to add up within a level and a stage.
WITH coded AS (
    SELECT *, coalesce(unit_code, unit_name) AS unit FROM expenditure WHERE function_code IS NOT NULL AND NOT is_total
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
),
parts AS (
    SELECT *, unnest(['basic', 'project', 'other']) AS expenditure_type,
           unnest([basic, project, total - coalesce(basic, 0) - coalesce(project, 0)]) AS value
    FROM leaf
)
SELECT document_id, region_code, region, department, level, fiscal_year, stage, 'expenditure' AS direction,
       left(function_code, 3) AS class_code, class_name, function_code, function_name, unit_code, unit_name,
       expenditure_type, value, 'CNY' AS currency, row, page
FROM parts LEFT JOIN function_class ON class_code = left(function_code, 3)
WHERE value IS NOT NULL AND (expenditure_type <> 'other' OR value <> 0)
ORDER BY region_code, department, level, fiscal_year, stage, document_id, row, expenditure_type
