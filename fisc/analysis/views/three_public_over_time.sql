-- 三公经费历年 / The three public expenses of each department by year: budget as published, as the final accounts quote it, and spent.
-- `item` total holds the three; official_vehicles holds purchase and operation.
SELECT t.region_code, t.region, d.department_series AS series, t.level, t.fiscal_year, t.item,
       max(t.total) FILTER (t.stage = 'budget' AND measure = 'budget') AS budget,
       max(t.total) FILTER (t.stage = 'final_accounts' AND measure = 'budget') AS budget_quoted,
       max(t.total) FILTER (t.stage = 'final_accounts' AND measure = 'final') AS final,
       max(t.document_id) FILTER (t.stage = 'budget') AS budget_document, max(t.page) FILTER (t.stage = 'budget') AS budget_page,
       max(t.document_id) FILTER (t.stage = 'final_accounts') AS final_document,
       max(t.page) FILTER (t.stage = 'final_accounts') AS final_page
FROM three_public t JOIN document d USING (document_id)
WHERE t.item IN ('total', 'overseas_travel', 'official_vehicles', 'vehicle_purchase', 'vehicle_operation', 'official_reception')
  AND t.unit_code IS NULL AND t.unit_name IS NULL
GROUP BY ALL
ORDER BY t.region_code, series, t.level, t.fiscal_year, t.item
