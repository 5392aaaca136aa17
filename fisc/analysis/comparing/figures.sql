-- The rules of rules.toml that hold a figure of a table against a figure of a table.
SELECT rule.name AS rule, f.document_id, f.department, f.level, f.label, f."table", f."column", f.row AS table_row,
       f.page, f.value, NULL AS quote, o.document_id AS other_document_id, o.document_id || ':' || o.page AS other_documents,
       o.department AS other_department, o."table" AS other_table, o."column" AS other_column, o.row AS other_row,
       o.page AS other_page, o.value AS other_value,
       CASE rule.test WHEN 'limit' THEN abs(o.value) * rule."limit" ELSE greatest(f.step, o.step) END AS tolerance
FROM rule JOIN pair ON pair.relation = rule.relation AND pair.stage = coalesce(rule.stage, pair.stage)
JOIN figure f ON (f.document_id, f.department, f.level) = (pair.document_id, pair.department, pair.level)
    AND f."table" GLOB rule.own_table AND f."column" GLOB rule.own_column AND f.line GLOB rule.own_line
JOIN figure o ON (o.document_id, o.department, o.level) = (pair.other_document_id, pair.other_department, pair.level)
    AND o."table" = CASE rule.other_table WHEN '*' THEN f."table" ELSE rule.other_table END
    AND o."column" = CASE rule.other_column WHEN '*' THEN f."column" ELSE rule.other_column END
    AND o.line = replace(rule.other_line, '*', f.line[length(rule.own_line):])
