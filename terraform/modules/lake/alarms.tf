resource "aws_cloudwatch_metric_alarm" "lake_late" {
  for_each = local.deliveries

  alarm_name        = "${var.name_prefix}-lake-late-${each.key}"
  alarm_description = "The oldest event of ${each.value} waits for its file for more than ${var.late_minutes} minutes: the lake lacks it, and after the stream's retention it is lost. Runbook: docs/runbooks/lake-late.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/Firehose"
  metric_name         = "DeliveryToS3.DataFreshness"
  dimensions          = { DeliveryStreamName = each.value }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.late_minutes * 60
  treat_missing_data  = "notBreaching" # no event, nothing late
}

resource "aws_cloudwatch_metric_alarm" "lake_transform_failing" {
  alarm_name        = "${var.name_prefix}-lake-transform-failing"
  alarm_description = "${local.transform_name} fails: events go to failed/ in the lake's bucket instead of their table. Runbook: docs/runbooks/lake-transform-failing.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = local.transform_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
}
