resource "aws_budgets_budget" "month" {
  for_each = var.budget_usd > 0 ? { usd = var.budget_usd } : {}

  name         = "${var.name_prefix}-month"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(each.value)
  limit_unit   = "USD"

  # Counts only once the tag is activated as a cost allocation tag, which is the payer's to do.
  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:%s$%s", var.project_tag.key, var.project_tag.value)]
  }

  dynamic "notification" {
    for_each = {
      "80 percent spent"      = { type = "ACTUAL", percent = 80 }
      "all of it spent"       = { type = "ACTUAL", percent = 100 }
      "will not last a month" = { type = "FORECASTED", percent = 100 }
    }

    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.value.type
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      subscriber_sns_topic_arns  = [var.alarm_topic_arn]
      subscriber_email_addresses = var.budget_emails
    }
  }
}
