-- Which disclosures are held against which.

CREATE TEMP TABLE pair AS
WITH relation(relation, stage, other_stage, years) AS (
    VALUES ('own_budget', 'final_accounts', 'budget', 0), ('year_before', 'final_accounts', 'final_accounts', -1),
           ('year_before', 'budget', 'budget', -1),
           ('apart', 'final_accounts', 'final_accounts', 0), ('apart', 'budget', 'budget', 0)
),
candidate AS (
    SELECT relation, d.document_id, d.department, d.level, d.stage,
           o.document_id AS other_document_id, o.department AS other_department,
           o.department = d.department AS same_name
    FROM relation
    JOIN disclosure d USING (stage)
    JOIN disclosure o ON o.place = d.place AND o.series = d.series AND o.level = d.level
        AND o.fiscal_year = d.fiscal_year + years AND o.stage = other_stage
    WHERE relation <> 'apart'  -- a disclosure in several files: one that only tells, and those that print figures
        OR d.document_id NOT IN (SELECT document_id FROM figure) AND o.document_id IN (SELECT document_id FROM figure)
),
best AS (  -- where 某局 and 某局（本级） both published, the one of exactly this name
    SELECT * FROM candidate
    QUALIFY same_name = max(same_name) OVER (PARTITION BY relation, document_id, department, level)
)
SELECT relation, document_id, department, level, stage, other_document_id, other_department FROM best
QUALIFY count(DISTINCT other_department) OVER (PARTITION BY relation, document_id, department, level) = 1
UNION ALL
SELECT 'twice', d.document_id, d.department, d.level, d.stage, o.document_id, o.department
FROM disclosure d JOIN disclosure o USING (place, department, level, fiscal_year, stage)
JOIN kept_document first ON first.document_id = o.document_id
JOIN kept_document later ON later.document_id = d.document_id
WHERE (coalesce(first.published_on, DATE '1900-01-01'), o.document_id)
    < (coalesce(later.published_on, DATE '1900-01-01'), d.document_id);

-- One row a disclosure with the columns that every published row carries.
CREATE TEMP TABLE standing_words AS
SELECT d.document_id, d.department, d.level, d.fiscal_year, d.stage, kept_document.region_code, kept_document.region
FROM disclosure d JOIN kept_document USING (document_id);
