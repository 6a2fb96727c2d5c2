"""The customary words of Chinese company documents: what their sections, form fields and columns are called.

Knows words only. They are evidence of the second rank: used where the place of a word leaves a doubt.
"""

from __future__ import annotations

_STANDARD = """
编制目的 制定目的 目的和适用范围 目的与适用范围 目的与范围 目的和范围 目的 适用范围 范围 规范性引用文件
引用文件 参考文件 术语和定义 术语与定义 术语及定义 名词解释 术语 定义 职责与权限 职责和权限 岗位职责
职责分工 管理职责 职责 基本原则 工作原则 原则 总体要求 基本要求 工作要求 管理要求 作业流程 工作流程
操作流程 业务流程 处理流程 流程图 流程说明 流程 操作步骤 工作程序 作业程序 程序 管理内容 工作内容
内容与要求 监督检查 检查与考核 监督与考核 考核标准 考核指标 考核办法 考核 奖惩 罚则 红线 记录与表单
相关记录 质量记录 记录表单 表单清单 记录 相关文件 相关表单 附件清单 修订记录 变更记录 应急处理 应急预案
异常处理 注意事项 风险提示 安全要求 培训要求 解释权 生效日期 总则 附则 前言 引言 概述 背景 简介
"""
_TAILS = """
原则 方法 管理 改进 实施 方式 优化 监控 培训 结构 发展 协作 指标 评估 措施 机制 策略 报告 处理
方向 工具 推广 反馈 内容 建设 分析 要求 流程 步骤 标准 制度 范围 目的 职责 记录 概述 目标 定义
框架 维度 挑战 条件 分级 登记 派发 响应 取证 审批 归档 表单 时限 时段 关闭 发布 复查 申诉 评价
检验 申请 付款 演练 销毁 处置 告知 确认 复盘 研判 受理 预约 取消 回访 核查 调查 整改 考核 保障
计划 方案 体系 规则 规定 说明 清单 附则 总则 术语 红线 转型 应对 分工 权限 配置 沟通 控制 检查
"""
_FIELDS = """
文件编号 文件名称 文件名 编号 版本 版本号 版次 生效日期 发布日期 实施日期 归口部门 编制 编制人 编写
编写人 审核 审核人 批准 批准人 密级 页数 页次 受控状态 制定部门 主办部门 责任部门 修订日期 适用范围
起草人 起草部门 文件类型 文件类别 标题 主题 公司名称 部门 日期 修订状态 分发部门 签发人 有效期
"""
_COLUMNS = """
序号 编号 项目 名称 岗位 角色 指标 类别 类型 级别 等级 步骤 阶段 日期 时间 内容 代码 分值 部门
记录 条款 环节 情形
"""

STANDARD_TITLES: tuple[str, ...] = tuple(sorted(_STANDARD.split(), key=len, reverse=True))
"""Titles that stand in almost every SOP, the longest first."""
TITLE_TAILS: frozenset[str] = frozenset(_TAILS.split())
"""Words of two characters that titles like to end in."""
FIELD_NAMES: frozenset[str] = frozenset(_FIELDS.split())
"""Left-hand cells of the table of names and values at the head of a document."""
COLUMN_NAMES: frozenset[str] = frozenset(_COLUMNS.split())
"""First cells of header rows."""
