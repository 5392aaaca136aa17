-- Figures under the names that texts use: cells of tables that print a fact, class lines by number and by name, and facts.
CREATE TEMP MACRO last_name(path) AS folded(split_part(path, ' / ', -1));

CREATE TEMP TABLE sayable AS
WITH class_line AS (
    SELECT * FROM figure
    WHERE "table" = 'general_public_budget' AND "column" = 'total' AND regexp_matches(line, '^\d{3}(\d\d){0,2}$')
),
named AS (
    SELECT f.*, says.fact AS name, '' AS class FROM figure f JOIN says USING ("table", "column", line)
    UNION ALL
    SELECT *, 'expenditure.function', line FROM class_line
    UNION ALL
    SELECT *, 'expenditure.function', folded(label) FROM class_line
    QUALIFY count(*) OVER (PARTITION BY document_id, department, level, folded(label)) = 1
)
SELECT document_id, department, level, name, class, "table", "column", row, page, value, step FROM named
UNION ALL
SELECT document_id, department, level, name, coalesce(function_code, last_name(path), ''), 'fact', name, row, page, value, step
FROM kept_fact
WHERE period = 'this_year' AND unit = 'CNY' AND (sure OR name LIKE 'three_public.%') AND value IS NOT NULL AND step IS NOT NULL;
