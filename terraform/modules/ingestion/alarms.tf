resource "aws_cloudwatch_metric_alarm" "write_throttled" {
  for_each = local.stream_names

  alarm_name        = "${var.name_prefix}-ingestion-write-throttled-${each.key}"
  alarm_description = "Stream ${each.value} refused records: it is full, or one key takes more than a shard holds. Events are lost once the sender stops trying again. Runbook: docs/runbooks/write-throttled.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/Kinesis"
  metric_name         = "WriteProvisionedThroughputExceeded"
  dimensions          = { StreamName = each.value }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_metric_alarm" "unread_events" {
  for_each = local.stream_names

  alarm_name        = "${var.name_prefix}-ingestion-unread-events-${each.key}"
  alarm_description = "A reader of stream ${each.value} is behind by half of what the stream keeps (${var.retention_hours} h): what it has not read by then is gone. Runbook: docs/runbooks/unread-events.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/Kinesis"
  metric_name         = "GetRecords.IteratorAgeMilliseconds"
  dimensions          = { StreamName = each.value }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.retention_hours * 3600 * 1000 / 2
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_metric_alarm" "rejected_events" {
  alarm_name        = "${var.name_prefix}-ingestion-rejected-events"
  alarm_description = "More than ${var.rejected_share_percent} % of the events fail their contract: the shop sends what no metric counts. Runbook: docs/runbooks/rejected-events.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.rejected_share_percent
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "share"
    label       = "rejected, in percent"
    expression  = "100 * FILL(rejected, 0) / (FILL(rejected, 0) + ${join(" + ", formatlist("FILL(%s, 0)", [for event in local.counted : "in_${event}"]))})"
    return_data = true
  }
  metric_query {
    id = "rejected"

    metric {
      namespace   = "AWS/Kinesis"
      metric_name = "IncomingRecords"
      dimensions  = { StreamName = local.stream_names[var.rejected_event] }
      stat        = "Sum"
      period      = 300
    }
  }
  dynamic "metric_query" {
    for_each = toset(local.counted)

    content {
      id = "in_${metric_query.value}"

      metric {
        namespace   = "AWS/Kinesis"
        metric_name = "IncomingRecords"
        dimensions  = { StreamName = local.stream_names[metric_query.value] }
        stat        = "Sum"
        period      = 300
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "no_events" {
  for_each = var.no_events_minutes > 0 ? { all = var.no_events_minutes } : {}

  alarm_name        = "${var.name_prefix}-ingestion-no-events"
  alarm_description = "No event of any kind for ${each.value} minutes: the collector cannot be reached, or the shop stopped sending. Runbook: docs/runbooks/no-events.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  evaluation_periods  = ceil(each.value / 5)
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"

  metric_query {
    id          = "total"
    label       = "events"
    expression  = join(" + ", formatlist("FILL(%s, 0)", [for event in local.counted : "in_${event}"]))
    return_data = true
  }
  dynamic "metric_query" {
    for_each = toset(local.counted)

    content {
      id = "in_${metric_query.value}"

      metric {
        namespace   = "AWS/Kinesis"
        metric_name = "IncomingRecords"
        dimensions  = { StreamName = local.stream_names[metric_query.value] }
        stat        = "Sum"
        period      = 300
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "scaler_failing" {
  for_each = aws_lambda_function.scaler

  alarm_name        = "${var.name_prefix}-ingestion-scaler-failing"
  alarm_description = "The Lambda that fits the shards to the traffic fails: streams stay as they are. Runbook: docs/runbooks/scaler-failing.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = each.value.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
}
