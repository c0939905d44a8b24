resource "aws_cloudwatch_metric_alarm" "job_failed" {
  for_each = local.job_names

  alarm_name        = "${var.name_prefix}-batch-job-failed-${each.key}"
  alarm_description = "Job ${each.value} failed: what it corrects stays as the stream counted it. Runbook: docs/runbooks/job-failed.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "Glue"
  metric_name         = "glue.error.ALL"
  dimensions          = { JobName = each.value, JobRunId = "ALL", Type = "count", ObservabilityGroup = "error" }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
}
