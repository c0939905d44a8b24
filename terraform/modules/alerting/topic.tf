data "aws_caller_identity" "current" {}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name_prefix}-alarms"
  kms_master_key_id = var.kms_key_arn
}

data "aws_iam_policy_document" "publish" {
  statement {
    sid       = "AlarmsAndBudgetsOfThisAccount"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.publish.json
}

resource "aws_sns_topic_subscription" "emails" {
  for_each = var.emails

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value

  # Composite alarms are named `<name_prefix>-symptom-<symptom>` (module `monitoring`). What is no JSON, a
  # budget's message, matches no filter: budgets have addresses of their own.
  filter_policy_scope = var.tell_about == "SYMPTOMS" ? "MessageBody" : null
  filter_policy       = var.tell_about == "SYMPTOMS" ? jsonencode({ AlarmName = [{ prefix = "${var.name_prefix}-symptom-" }] }) : null
}
