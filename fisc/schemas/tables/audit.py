"""The document itself, its narrative, and what the audit found."""

from __future__ import annotations

import polars as pl

from fisc.schemas.model import Model, Number, Yuan, field


class Document(Model):
    sha256: str = field("文件散列", "SHA-256 of the file's bytes", null=False, str_matches=r"^[0-9a-f]{64}$")
    url: str = field("网址", "where it was fetched")
    source: str = field("来源", "source that listed it")
    file_name: str = field("文件名", "name of the file")
    title: str = field("标题", "title of the link or of the cover")
    department_code: str = field("部门编码", "number printed before the department's name")
    department_series: str = field(
        "部门序列", "name that all years and variants (本级, 机关, 中共…) of the department share"
    )
    printed_unit: str = field("金额单位", "unit printed in the tables, or 混合 where they differ")
    published_on: pl.Date = field("公开日期", "date of publication as listed")
    fetched_at: str = field("下载时间", "UTC time of the download, ISO 8601")
    pages: pl.Int32 = field("页数", "pages", null=False)
    scanned_pages: pl.Int32 = field("扫描页数", "pages read by OCR", null=False)
    extractor_version: str = field("程序版本", "version of fisc that read it", null=False)
    numbers: pl.Int32 = field("数字个数", "numbers on the pages", null=False)
    numbers_accounted: pl.Int32 = field(
        "已归属数字", "numbers in a cell, a fact or a structural role", null=False
    )
    cells: pl.Int32 = field("金额单元格", "amounts read from tables", null=False)
    cells_proven: pl.Int32 = field(
        "已证实", "amounts in an identity that holds and in none that fails", null=False
    )
    cells_refuted: pl.Int32 = field("被否定", "amounts in an identity that fails", null=False)
    findings: pl.Int32 = field("审核发现", "findings", null=False)
    errors: pl.Int32 = field("错误", "findings of severity error", null=False)
    waived: pl.Int32 = field("已免除", "findings that a person waived; they count as findings all the same")

    class Config:
        name = "document"
        title = "文件"
        description = "One row a document."


class Section(Model):
    number: str = field("序号", "number of the section as printed")
    depth: pl.Int32 = field("层次", "depth in the tree, from 1", null=False, ge=1)
    heading: str = field("标题", "heading without its number")
    topic: str = field("内容", "what the section is about: three_public, procurement, glossary, ...")
    text: str = field("正文", "text of the section, without its subsections")
    page_to: pl.Int32 = field("止于页", "last page of the section", ge=1)

    class Config:
        name = "section"
        title = "文字说明"
        description = "The narrative as a tree of sections."


class Fact(Model):
    name: str = field("事实名称", "dotted name, e.g. expenditure.basic", null=False)
    value: Number = field("数值", "value in the unit beside it; amounts in yuan")
    unit: str = field("单位", "CNY, percent, or the thing counted")
    period: str = field("期间", "this_year, last_year, change, growth, share, completion, ...")
    quote: str = field("原文", "words it was read from", null=False)
    section: str = field("所在章节", "heading of the section")
    step: Number = field(
        "最小刻度", "one unit of the last printed digit, in the unit of value", unit="as in unit"
    )
    base: str = field(
        "比较基数", "what a change is measured against, where its own words say so: last_year or budget"
    )
    path: str = field(
        "科目名称", "line that the number is of: names of 类 / 款 / 项, or the economic item of a list"
    )
    function_code: str = field("功能分类科目编码", "number of that class line, where the text prints it")
    sure: bool = field("名称确定", "false where the name was taken over from the words before")
    x0: pl.Float32 = field("左", "left edge", unit="pt")
    y0: pl.Float32 = field("上", "top edge", unit="pt")
    x1: pl.Float32 = field("右", "right edge", unit="pt")
    y1: pl.Float32 = field("下", "bottom edge", unit="pt")

    class Config:
        name = "fact"
        title = "文字中的数据"
        description = "One number said in the narrative."


class Finding(Model):
    rule: str = field("规则", "dotted name of the check", null=False)
    severity: str = field("严重程度", "error, warning or info", null=False, isin=["error", "warning", "info"])
    outcome: str = field("结果", "fail", null=False)
    where: str = field(
        "位置", "published table; else the section, or the title of a table that no form knows"
    )
    message: str = field("说明", "one sentence, Chinese then English", null=False)
    expected: Number = field("应为", "the other side of the identity")
    actual: Number = field("实为", "the figure as printed")
    difference: Number = field("差额", "actual minus expected")
    tolerance: Number = field("容差", "largest difference that rounding explains")
    quote: str = field("原文", "words or figures concerned")
    waived: str = field("免除理由", "why a person lets it stand; null: nobody does")
    waived_by: str = field("免除人", "who waived it")
    x0: pl.Float32 = field("左", "left edge", unit="pt")
    y0: pl.Float32 = field("上", "top edge", unit="pt")
    x1: pl.Float32 = field("右", "right edge", unit="pt")
    y1: pl.Float32 = field("下", "bottom edge", unit="pt")

    class Config:
        name = "finding"
        title = "审核发现"
        description = "One check that failed, or one thing that could not be read."


class Check(Model):
    rule: str = field("规则", "dotted name of the check", null=False)
    outcome: str = field("结果", "pass, fail or not_run", null=False, isin=["pass", "fail", "not_run"])
    count: pl.Int32 = field("次数", "how often the check had this outcome", null=False, ge=0)
    tables: str = field(
        "所涉数据表", "published tables that were found, missed, or said to be empty, in official order"
    )

    class Config:
        name = "check"
        title = "审核记录"
        description = "What was tried, so that no finding can be told from not checked."


class Cell(Model):
    table: str = field("数据表", "published table", null=False)
    column: str = field("列", "column of the published table", null=False)
    text: str = field("原文", "text as printed", null=False)
    value: Yuan = field("数值", "amount in yuan, or the figure", unit="CNY")
    step: Number = field("最小刻度", "one unit of the last digit that its table prints, in yuan", unit="CNY")
    x0: pl.Float32 = field("左", "left edge", unit="pt", null=False)
    y0: pl.Float32 = field("上", "top edge", unit="pt", null=False)
    x1: pl.Float32 = field("右", "right edge", unit="pt", null=False)
    y1: pl.Float32 = field("下", "bottom edge", unit="pt", null=False)
    method: str = field(
        "读取方式",
        "text, ocr, repaired, or corrected by a person",
        null=False,
        isin=["text", "ocr", "repaired", "corrected"],
    )
    proof: str = field(
        "证明", "proven, refuted or unchecked", null=False, isin=["proven", "refuted", "unchecked"]
    )

    class Config:
        name = "cell"
        title = "金额出处"
        description = "Where each amount stands and what the document's own arithmetic says of it."
