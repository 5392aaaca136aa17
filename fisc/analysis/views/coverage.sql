-- 公开覆盖 / What is published of each region, year, stage and level: departments, those of the year before that are missing, proof, errors.
WITH published AS (
    SELECT DISTINCT region_code, region, department_series AS series, level, fiscal_year, stage FROM document
),
missing AS (
    SELECT before.region_code, before.level, before.fiscal_year + 1 AS fiscal_year, before.stage, count(*) AS missing,
           string_agg(before.series, '、' ORDER BY before.series) AS missing_departments
    FROM published before ANTI JOIN published now ON now.series = before.series AND now.level = before.level
        AND now.stage = before.stage AND now.region_code IS NOT DISTINCT FROM before.region_code
        AND now.fiscal_year = before.fiscal_year + 1
    GROUP BY ALL
)
SELECT d.region_code, d.region, d.fiscal_year, d.stage, d.level, count(DISTINCT d.department_series) AS departments,
       count(*) AS documents, coalesce(any_value(m.missing), 0) AS missing_since_last_year,
       any_value(m.missing_departments) AS missing_departments,
       round(100.0 * sum(d.cells_proven) / nullif(sum(d.cells), 0), 1) AS proven_percent,
       sum(d.cells_refuted)::BIGINT AS refuted, sum(d.errors)::BIGINT AS errors, sum(d.scanned_pages)::BIGINT AS scanned_pages,
       min(d.published_on) AS first_published, max(d.published_on) AS last_published
FROM document d LEFT JOIN missing m ON m.region_code IS NOT DISTINCT FROM d.region_code AND m.level = d.level
    AND m.stage = d.stage AND m.fiscal_year = d.fiscal_year
GROUP BY d.region_code, d.region, d.fiscal_year, d.stage, d.level
ORDER BY d.region_code, d.fiscal_year, d.stage, d.level
