-- What the text says of another document: its budget (年初预算), the year before (上年为A; A比上年增加D), the tables of its own
-- disclosure in another file.
WITH said AS (
    SELECT fact.*, coalesce(fact.function_code, last_name(fact.path), '') AS class, disclosure.stage AS of_stage
    FROM kept_fact fact JOIN disclosure USING (document_id, department, level)
    WHERE fact.unit = 'CNY' AND fact.value IS NOT NULL AND fact.step IS NOT NULL
),
change AS (  -- what it is measured against may stand once for the whole sentence (较上年增加…，其中：基本支出增加…)
    SELECT * REPLACE (coalesce(base, CASE WHEN min(base) OVER sentence = max(base) OVER sentence
                                          THEN min(base) OVER sentence END) AS base)
    FROM said WHERE period = 'change'
    WINDOW sentence AS (PARTITION BY document_id, quote)
),
beside_it AS (  -- the figure that changed: said in the same sentence, else as the tables print it
    SELECT change.document_id, change.row, change.sure, own.value, own.step,
           coalesce(fact.quote = change.quote, false) AS near,
           count(*) FILTER (WHERE fact.quote = change.quote) OVER (PARTITION BY change.document_id, change.row) AS said_beside,
           count(DISTINCT change.row) OVER (PARTITION BY change.document_id, change.quote, change.name, change.class, change.base) AS alike
    FROM change JOIN sayable own USING (document_id, department, level, name, class)
    LEFT JOIN kept_fact fact ON own."table" = 'fact' AND (fact.document_id, fact.row) = (own.document_id, own.row)
    QUALIFY near = max(near) OVER (PARTITION BY change.document_id, change.row)
),
level AS (  -- a change whose name is taken from the words before it is one of the figure said just before it
    SELECT DISTINCT document_id, row, value AS amount, step AS amount_step
    FROM beside_it WHERE alike = 1 AND (sure OR said_beside = 1)
),
claim AS (
    SELECT 'budget.said' AS rule, 'own_budget' AS relation, said.*, value AS meant, step AS coarsest, 2 AS terms
    FROM said WHERE sure AND period = 'budget' AND of_stage = 'final_accounts' AND quote LIKE '%年初%'
    UNION ALL
    SELECT 'year_before.said', 'year_before', said.*, value, step, 2 FROM said WHERE sure AND period = 'last_year'
    UNION ALL
    SELECT 'apart.said', 'apart', said.*, value, step, 2 FROM said WHERE sure AND period = 'this_year'
    UNION ALL
    SELECT CASE base WHEN 'budget' THEN 'budget.said' ELSE 'year_before.said' END,
           CASE base WHEN 'budget' THEN 'own_budget' ELSE 'year_before' END,
           change.*, amount - value, greatest(step, amount_step), 3
    FROM change JOIN level USING (document_id, row) WHERE base IN ('budget', 'last_year')
),
beside AS (
    SELECT claim.*, pair.other_document_id, pair.other_department, o."table" AS other_table,
           o."column" AS other_column, o.row AS other_row, o.page AS other_page, o.value AS other_value,
           greatest(coarsest, o.step) * terms / 2 AS tolerance
    FROM claim JOIN pair USING (relation, document_id, department, level)
    JOIN sayable o ON (o.document_id, o.department, o.level) = (pair.other_document_id, pair.other_department, pair.level)
        AND (o.name, o.class) = (claim.name, claim.class) AND (relation <> 'apart' OR o."table" <> 'fact')
)
-- What is said passes where it equals one of the figures; else it is shown beside the nearest.
SELECT rule, document_id, department, level, coalesce(path, says_label.label, name) AS label, 'fact' AS "table",
       name AS "column", row AS table_row, page, meant AS value, quote, other_document_id,
       other_document_id || ':' || other_page AS other_documents, other_department, other_table, other_column, other_row,
       other_page, other_value, tolerance
FROM beside LEFT JOIN says_label ON says_label.fact = name
QUALIFY row_number() OVER (PARTITION BY rule, document_id, row, other_document_id
                           ORDER BY abs(meant - other_value), other_table, other_column, other_row) = 1
