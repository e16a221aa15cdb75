// RiskRules: being built.
