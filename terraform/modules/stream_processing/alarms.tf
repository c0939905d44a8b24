locals {
  # With `start` false nothing runs, so nothing is missing.
  watched = var.start ? { for app, application in aws_kinesisanalyticsv2_application.apps : app => application.name } : {}

  # An alarm takes ten metrics at most. An event beyond the tenth is still watched by its stream's own alarm.
  read = { for app, definition in var.apps : app => slice(sort(definition.sources), 0, min(10, length(definition.sources))) }

  alarms = {
    checkpoints-failing = aws_cloudwatch_metric_alarm.checkpoints_failing
    checkpoints-slow    = aws_cloudwatch_metric_alarm.checkpoints_slow
    flink-behind        = aws_cloudwatch_metric_alarm.flink_behind
    flink-cpu-high      = aws_cloudwatch_metric_alarm.flink_cpu_high
    flink-down          = aws_cloudwatch_metric_alarm.flink_down
    flink-heap-high     = aws_cloudwatch_metric_alarm.flink_heap_high
    flink-restarting    = aws_cloudwatch_metric_alarm.flink_restarting
  }

  alarm_outputs = merge([
    for kind, by_app in local.alarms : {
      for app, alarm in by_app :
      "${kind}-${app}" => { name = alarm.alarm_name, arn = alarm.arn, symptom = "stale_numbers" }
    }
  ]...)
}

resource "aws_cloudwatch_metric_alarm" "flink_down" {
  for_each = local.watched

  alarm_name        = "${var.name_prefix}-stream-processing-flink-down-${each.key}"
  alarm_description = "Flink application ${each.value} has not run for five minutes: no number is computed. Also when AWS shows it as RUNNING, as it does when its program failed. Runbook: docs/runbooks/flink-down.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/KinesisAnalytics"
  metric_name         = "uptime" # milliseconds since the job's last start; none without a job
  dimensions          = { Application = each.value }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "LessThanOrEqualToThreshold"
  threshold           = 0
  treat_missing_data  = "breaching"
}

resource "aws_cloudwatch_metric_alarm" "flink_restarting" {
  for_each = local.watched

  alarm_name        = "${var.name_prefix}-stream-processing-flink-restarting-${each.key}"
  alarm_description = "Flink application ${each.value} keeps restarting: something that it reads or writes refuses it. Runbook: docs/runbooks/flink-restarting.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "restarts"
    label       = "restarts in 5 minutes"
    expression  = "DIFF(total)"
    return_data = true
  }
  metric_query {
    id = "total"

    metric {
      namespace   = "AWS/KinesisAnalytics"
      metric_name = "fullRestarts" # Flink 2.2 calls it numRestarts
      dimensions  = { Application = each.value }
      stat        = "Maximum"
      period      = 300
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "flink_behind" {
  for_each = local.watched

  alarm_name        = "${var.name_prefix}-stream-processing-flink-behind-${each.key}"
  alarm_description = "Flink application ${each.value} is more than ${var.behind_minutes} minutes behind a stream: every number is that old. Runbook: docs/runbooks/flink-behind.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.behind_minutes * 60 * 1000
  treat_missing_data  = "notBreaching" # flink-down tells when there is no job

  metric_query {
    id          = "behind"
    label       = "milliseconds behind"
    expression  = "MAX([${join(", ", [for event in local.read[each.key] : "of_${event}"])}])"
    return_data = true
  }
  dynamic "metric_query" {
    for_each = toset(local.read[each.key])

    content {
      id = "of_${metric_query.value}"

      metric {
        namespace   = "AWS/KinesisAnalytics"
        metric_name = "millisBehindLatest"
        dimensions = {
          Application = each.value
          Flow        = "Input"
          Id          = replace(var.streams[metric_query.value].name, "-", "_") # so AWS writes a stream's name here
        }
        stat   = "Maximum"
        period = 60
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "checkpoints_failing" {
  for_each = local.watched

  alarm_name        = "${var.name_prefix}-stream-processing-checkpoints-failing-${each.key}"
  alarm_description = "Checkpoints of Flink application ${each.value} fail: after a crash it has to read more again, and in the end restarts. Runbook: docs/runbooks/checkpoints-failing.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "failed"
    label       = "failed checkpoints in 5 minutes"
    expression  = "DIFF(total)"
    return_data = true
  }
  metric_query {
    id = "total"

    metric {
      namespace   = "AWS/KinesisAnalytics"
      metric_name = "numberOfFailedCheckpoints"
      dimensions  = { Application = each.value }
      stat        = "Maximum"
      period      = 300
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "checkpoints_slow" {
  for_each = local.watched

  alarm_name        = "${var.name_prefix}-stream-processing-checkpoints-slow-${each.key}"
  alarm_description = "A checkpoint of Flink application ${each.value} takes more than a minute: its state grows, or its sink holds it up. Runbook: docs/runbooks/checkpoints-slow.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/KinesisAnalytics"
  metric_name         = "lastCheckpointDuration"
  dimensions          = { Application = each.value }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60 * 1000
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_metric_alarm" "flink_cpu_high" {
  for_each = local.watched

  alarm_name        = "${var.name_prefix}-stream-processing-flink-cpu-high-${each.key}"
  alarm_description = "Flink application ${each.value} uses more than 80 % of its CPU for 15 minutes: auto scaling is off or at its end. Runbook: docs/runbooks/flink-cpu-high.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/KinesisAnalytics"
  metric_name         = "cpuUtilization"
  dimensions          = { Application = each.value }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 80
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_metric_alarm" "flink_heap_high" {
  for_each = local.watched

  alarm_name        = "${var.name_prefix}-stream-processing-flink-heap-high-${each.key}"
  alarm_description = "Flink application ${each.value} uses more than 90 % of its heap for 15 minutes: it slows down and may crash. Runbook: docs/runbooks/flink-heap-high.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/KinesisAnalytics"
  metric_name         = "heapMemoryUtilization"
  dimensions          = { Application = each.value }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 90
  treat_missing_data  = "notBreaching"
}
