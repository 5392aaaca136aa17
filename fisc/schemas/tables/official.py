"""The nine official tables of a department's budget and final accounts (财政部《部门预算/决算公开》格式)."""

from __future__ import annotations

from fisc.schemas.model import Model, Number, Yuan, amount, field, is_total

FUNCTION_CODE = r"^\d{3}(\d{2}){0,2}$"
ECONOMIC_CODE = r"^\d{3}(\d{2})?$"


class RevenueExpenditure(Model):
    side: str = field(
        "收支方向",
        "revenue, expenditure, or use (支出用途)",
        null=False,
        isin=["revenue", "expenditure", "use"],
    )
    item: str = field("项目", "line as printed", null=False)
    key: str = field("项目标识", "canonical name of the line, the same in every place and year")
    function_code: str = field("功能分类科目编码", "class (类) of a class line", str_matches=FUNCTION_CODE)
    amount: Yuan = amount("金额", "amount of the line")
    is_total: bool = is_total()

    class Config:
        name = "revenue_expenditure"
        title = "收支总表 / 收入支出决算总表"
        description = "Total revenue and expenditure, the two sides one below the other."


class Revenue(Model):
    function_code: str = field(
        "功能分类科目编码", "function code, 3, 5 or 7 digits", str_matches=FUNCTION_CODE
    )
    function_name: str = field("功能分类科目名称", "name of the function code, or of the line")
    total: Yuan = amount("合计", "all revenue")
    current_year: Yuan = amount("本年收入小计", "revenue of the year, without carry-over")
    fiscal_appropriation: Yuan = amount("财政拨款收入", "fiscal appropriation")
    special_account: Yuan = amount("财政专户管理资金收入", "funds under special fiscal accounts")
    business: Yuan = amount("事业收入", "business revenue of public institutions")
    operating: Yuan = amount("经营收入", "operating revenue of public institutions")
    superior_subsidy: Yuan = amount("上级补助收入", "subsidy from the superior unit")
    affiliate_remittance: Yuan = amount("附属单位上缴收入", "remittance from affiliated units")
    other: Yuan = amount("其他收入", "other revenue")
    carryover: Yuan = amount("上年结转", "carried over from last year")
    general_public: Yuan = amount(
        "其中：一般公共预算", "of the fiscal appropriation, from the general public budget"
    )
    government_fund: Yuan = amount(
        "其中：政府性基金预算", "of the fiscal appropriation, from the government fund budget"
    )
    state_capital: Yuan = amount(
        "其中：国有资本经营预算", "of the fiscal appropriation, from the state capital budget"
    )
    education_fees: Yuan = amount("其中：教育收费", "of the business revenue, education fees")
    unit_funds: Yuan = amount("单位资金", "funds of the unit, where the form does not split them")
    carryover_general_public: Yuan = amount(
        "上年结转：一般公共预算", "of the carry-over, general public budget"
    )
    carryover_government_fund: Yuan = amount(
        "上年结转：政府性基金预算", "of the carry-over, government fund budget"
    )
    carryover_state_capital: Yuan = amount(
        "上年结转：国有资本经营预算", "of the carry-over, state capital budget"
    )
    carryover_special_account: Yuan = amount(
        "上年结转：财政专户管理资金", "of the carry-over, special fiscal accounts"
    )
    carryover_unit_funds: Yuan = amount("上年结转：单位资金", "of the carry-over, funds of the unit")
    unit_code: str = field("单位编码", "code of the department's unit, where the form has a column for it")
    unit_name: str = field(
        "单位名称", "unit of the department that the line is of, where the form has a column for it"
    )
    is_total: bool = is_total()

    class Config:
        name = "revenue"
        title = "收入总表 / 收入决算表"
        description = "Revenue by function code and source. Parent codes repeat the sum of their children."


class Expenditure(Model):
    function_code: str = field(
        "功能分类科目编码", "function code, 3, 5 or 7 digits", str_matches=FUNCTION_CODE
    )
    function_name: str = field("功能分类科目名称", "name of the function code, or of the line")
    total: Yuan = amount("合计", "all expenditure")
    basic: Yuan = amount("基本支出", "basic expenditure")
    project: Yuan = amount("项目支出", "project expenditure")
    operating: Yuan = amount("经营支出", "operating expenditure of public institutions")
    remitted_to_superior: Yuan = amount("上缴（上解）上级支出", "remitted to the superior unit")
    subsidy_to_affiliates: Yuan = amount("对附属单位补助支出", "subsidy to affiliated units")
    reserve: Yuan = amount("单位预留机动经费", "reserve kept by the unit, where the form has it")
    carryover_out: Yuan = amount("结转下年资金", "carried over to next year, where the form has it")
    personnel: Yuan = amount("人员经费", "of the basic expenditure, personnel, where the form has it")
    agency_operating: Yuan = amount(
        "公用经费", "of the basic expenditure, operating costs of the agency, where the form has it"
    )
    unit_code: str = field("单位编码", "code of the department's unit, where the form has a column for it")
    unit_name: str = field(
        "单位名称", "unit of the department that the line is of, where the form has a column for it"
    )
    is_total: bool = is_total()

    class Config:
        name = "expenditure"
        title = "支出总表 / 支出决算表"
        description = "Expenditure by function code. Parent codes repeat the sum of their children."


class FiscalAppropriation(Model):
    side: str = field(
        "收支方向",
        "revenue, expenditure, or use (支出用途)",
        null=False,
        isin=["revenue", "expenditure", "use"],
    )
    item: str = field("项目", "line as printed", null=False)
    key: str = field("项目标识", "canonical name of the line, the same in every place and year")
    function_code: str = field("功能分类科目编码", "class (类) of a class line", str_matches=FUNCTION_CODE)
    total: Yuan = amount("合计", "amount of the line, all fiscal funds")
    general_public: Yuan = amount("一般公共预算财政拨款", "from the general public budget")
    government_fund: Yuan = amount("政府性基金预算财政拨款", "from the government fund budget")
    state_capital: Yuan = amount("国有资本经营预算财政拨款", "from the state capital operations budget")
    is_total: bool = is_total()

    class Config:
        name = "fiscal_appropriation"
        title = "财政拨款收支总表 / 财政拨款收入支出决算总表"
        description = "Fiscal appropriations and what they were spent on, the sides one below the other."


class GeneralPublicBudget(Model):
    function_code: str = field(
        "功能分类科目编码", "function code, 3, 5 or 7 digits", str_matches=FUNCTION_CODE
    )
    function_name: str = field("功能分类科目名称", "name of the function code, or of the line")
    total: Yuan = amount("合计", "expenditure from the general public budget")
    basic: Yuan = amount("基本支出", "basic expenditure")
    project: Yuan = amount("项目支出", "project expenditure")
    opening_balance: Yuan = amount("年初结转和结余", "opening balance, where the form has it")
    income: Yuan = amount("本年收入", "revenue of the year, where the form has it")
    closing_balance: Yuan = amount("年末结转和结余", "closing balance, where the form has it")
    personnel: Yuan = amount("人员经费", "of the basic expenditure, personnel")
    operating: Yuan = amount("公用经费", "of the basic expenditure, operating costs of the agency")
    opening_basic: Yuan = amount("年初结转：基本支出", "of the opening balance, basic expenditure")
    opening_project: Yuan = amount("年初结转：项目支出", "of the opening balance, project expenditure")
    income_basic: Yuan = amount("本年收入：基本支出", "of the revenue of the year, for basic expenditure")
    income_project: Yuan = amount("本年收入：项目支出", "of the revenue of the year, for project expenditure")
    closing_basic: Yuan = amount("年末结转：基本支出", "of the closing balance, basic expenditure")
    closing_project: Yuan = amount("年末结转和结余：项目支出", "of the closing balance, project expenditure")
    closing_project_carryover: Yuan = amount(
        "年末：项目支出结转", "of the closing balance of projects, carried over"
    )
    closing_project_surplus: Yuan = amount(
        "年末：项目支出结余", "of the closing balance of projects, surplus"
    )
    unit_code: str = field("单位编码", "code of the department's unit, where the form has a column for it")
    unit_name: str = field(
        "单位名称", "unit of the department that the line is of, where the form has a column for it"
    )
    is_total: bool = is_total()

    class Config:
        name = "general_public_budget"
        title = "一般公共预算（财政拨款）支出表"
        description = (
            "Expenditure from the general public budget. Parent codes repeat the sum of their children."
        )


class BasicExpenditure(Model):
    economic_code: str = field(
        "支出经济分类科目编码", "economic code, 3 or 5 digits", str_matches=ECONOMIC_CODE
    )
    economic_name: str = field("支出经济分类科目名称", "name of the economic code, or of the line")
    total: Yuan = amount("合计", "basic expenditure from the general public budget")
    personnel: Yuan = amount("人员经费", "personnel")
    operating: Yuan = amount("公用经费", "operating costs of the agency")
    unit_code: str = field("单位编码", "code of the department's unit, where the form has a column for it")
    unit_name: str = field(
        "单位名称", "unit of the department that the line is of, where the form has a column for it"
    )
    is_total: bool = is_total()

    class Config:
        name = "basic_expenditure"
        title = "一般公共预算（财政拨款）基本支出表"
        description = "Basic expenditure by economic code. Parent codes repeat the sum of their children."


class GovernmentFund(Model):
    function_code: str = field(
        "功能分类科目编码", "function code, 3, 5 or 7 digits", str_matches=FUNCTION_CODE
    )
    function_name: str = field("功能分类科目名称", "name of the function code, or of the line")
    opening_balance: Yuan = amount("年初结转和结余", "opening balance")
    income: Yuan = amount("本年收入", "revenue of the year")
    total: Yuan = amount("本年支出合计", "expenditure of the year")
    basic: Yuan = amount("基本支出", "basic expenditure")
    project: Yuan = amount("项目支出", "project expenditure")
    closing_balance: Yuan = amount("年末结转和结余", "closing balance")
    personnel: Yuan = amount("人员经费", "of the basic expenditure, personnel")
    operating: Yuan = amount("公用经费", "of the basic expenditure, operating costs of the agency")
    opening_basic: Yuan = amount("年初结转：基本支出", "of the opening balance, basic expenditure")
    opening_project: Yuan = amount("年初结转：项目支出", "of the opening balance, project expenditure")
    income_basic: Yuan = amount("本年收入：基本支出", "of the revenue of the year, for basic expenditure")
    income_project: Yuan = amount("本年收入：项目支出", "of the revenue of the year, for project expenditure")
    closing_basic: Yuan = amount("年末结转：基本支出", "of the closing balance, basic expenditure")
    closing_project: Yuan = amount("年末结转和结余：项目支出", "of the closing balance, project expenditure")
    closing_project_carryover: Yuan = amount(
        "年末：项目支出结转", "of the closing balance of projects, carried over"
    )
    closing_project_surplus: Yuan = amount(
        "年末：项目支出结余", "of the closing balance of projects, surplus"
    )
    unit_code: str = field("单位编码", "code of the department's unit, where the form has a column for it")
    unit_name: str = field(
        "单位名称", "unit of the department that the line is of, where the form has a column for it"
    )
    is_total: bool = is_total()

    class Config:
        name = "government_fund"
        title = "政府性基金预算（财政拨款收入）支出表"
        description = "Expenditure from the government fund budget; often empty."


class StateCapital(Model):
    function_code: str = field(
        "功能分类科目编码", "function code, 3, 5 or 7 digits", str_matches=FUNCTION_CODE
    )
    function_name: str = field("功能分类科目名称", "name of the function code, or of the line")
    opening_balance: Yuan = amount("年初结转和结余", "opening balance, where the form has it")
    income: Yuan = amount("本年收入", "revenue of the year, where the form has it")
    total: Yuan = amount("合计", "expenditure of the year")
    basic: Yuan = amount("基本支出", "basic expenditure")
    project: Yuan = amount("项目支出", "project expenditure")
    closing_balance: Yuan = amount("年末结转和结余", "closing balance, where the form has it")
    personnel: Yuan = amount("人员经费", "of the basic expenditure, personnel")
    operating: Yuan = amount("公用经费", "of the basic expenditure, operating costs of the agency")
    opening_basic: Yuan = amount("年初结转：基本支出", "of the opening balance, basic expenditure")
    opening_project: Yuan = amount("年初结转：项目支出", "of the opening balance, project expenditure")
    income_basic: Yuan = amount("本年收入：基本支出", "of the revenue of the year, for basic expenditure")
    income_project: Yuan = amount("本年收入：项目支出", "of the revenue of the year, for project expenditure")
    closing_basic: Yuan = amount("年末结转：基本支出", "of the closing balance, basic expenditure")
    closing_project: Yuan = amount("年末结转和结余：项目支出", "of the closing balance, project expenditure")
    closing_project_carryover: Yuan = amount(
        "年末：项目支出结转", "of the closing balance of projects, carried over"
    )
    closing_project_surplus: Yuan = amount(
        "年末：项目支出结余", "of the closing balance of projects, surplus"
    )
    unit_code: str = field("单位编码", "code of the department's unit, where the form has a column for it")
    unit_name: str = field(
        "单位名称", "unit of the department that the line is of, where the form has a column for it"
    )
    is_total: bool = is_total()

    class Config:
        name = "state_capital"
        title = "国有资本经营预算（财政拨款）支出表"
        description = "Expenditure from the state capital operations budget; often empty."


class ThreePublic(Model):
    measure: str = field("口径", "budget (预算数) or final (决算数)", null=False, isin=["budget", "final"])
    item: str = field(
        "项目标识", "canonical name: total is the three together, grand_total adds meetings or training"
    )
    item_text: str = field("项目", "line or column head as printed")
    total: Yuan = amount("合计", "amount of the item")
    general_public: Yuan = amount("一般公共预算财政拨款", "from the general public budget")
    government_fund: Yuan = amount("政府性基金预算财政拨款", "from the government fund budget")
    state_capital: Yuan = amount("国有资本经营预算财政拨款", "from the state capital operations budget")
    quantity: Number = field("数量", "groups, people, vehicles or receptions, where the line counts things")
    unit_code: str = field("单位编码", "code of the department's unit, where the form has a column for it")
    unit_name: str = field(
        "单位名称", "unit of the department that the line is of, where the form has a column for it"
    )
    is_total: bool = is_total()

    class Config:
        name = "three_public"
        title = "“三公”经费支出表"
        description = (
            "Overseas travel, official vehicles and official receptions; totals and parts are both rows."
        )
