-- 完成年初预算的P%: recomputed with the budget as published.
WITH said AS (
    SELECT r.*, coalesce(r.function_code, last_name(r.path), '') AS class, a.value AS spent, a.step AS spent_step
    FROM kept_fact r JOIN disclosure USING (document_id, department, level)
    JOIN kept_fact a USING (document_id, department, level, name, quote)
    WHERE r.period = 'completion' AND r.unit = 'percent' AND r.quote LIKE '%年初预算%'
      AND disclosure.stage = 'final_accounts' AND a.period = 'this_year' AND a.unit = 'CNY'
      AND r.path IS NOT DISTINCT FROM a.path
    QUALIFY count(*) OVER (PARTITION BY r.document_id, r.row) = 1  -- one amount and one rate of this name in the sentence
        AND count(*) OVER (PARTITION BY r.document_id, r.quote, r.name, r.path) = 1
),
beside AS (
    SELECT said.*, pair.other_document_id, pair.other_department, o."table" AS other_table, o."column" AS other_column,
           o.row AS other_row, o.page AS other_page, spent * 100 / o.value AS rate,
           said.step / 2 + (spent_step + abs(spent) * o.step / o.value) * 50 / o.value AS tolerance
    FROM said JOIN pair USING (document_id, department, level)
    JOIN sayable o ON (o.document_id, o.department, o.level) = (pair.other_document_id, pair.other_department, pair.level)
        AND (o.name, o.class) = (said.name, said.class)
    WHERE pair.relation = 'own_budget' AND o.value > 0
)
SELECT 'budget.completion_said' AS rule, document_id, department, level, coalesce(path, says_label.label, name) AS label,
       'fact' AS "table", name AS "column", row AS table_row, page, value, quote, other_document_id,
       other_document_id || ':' || other_page AS other_documents, other_department, other_table, other_column, other_row,
       other_page, rate AS other_value, tolerance
FROM beside LEFT JOIN says_label ON says_label.fact = name
QUALIFY row_number() OVER (PARTITION BY document_id, row, other_document_id
                           ORDER BY abs(value - rate), other_table, other_column, other_row) = 1
