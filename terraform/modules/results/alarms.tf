locals {
  # Ten metrics are the most that an alarm takes: the table's own and nine streams.
  watched = {
    for name, model in local.stored : name => [
      for event in slice(sort(model.sources), 0, min(9, length(model.sources))) : event if contains(keys(var.streams), event)
    ] if var.silence_minutes > 0 && model.kind == "metric" && !contains(var.rarely_written_models, name)
  }

  alarm_outputs = merge(
    {
      for model, alarm in aws_cloudwatch_metric_alarm.table_silent :
      "table-silent-${model}" => { name = alarm.alarm_name, arn = alarm.arn, symptom = "stale_numbers" }
    },
    {
      publisher-behind = {
        name    = aws_cloudwatch_metric_alarm.publisher_behind.alarm_name
        arn     = aws_cloudwatch_metric_alarm.publisher_behind.arn
        symptom = "stale_numbers"
      }
      table-throttled = {
        name    = aws_cloudwatch_metric_alarm.table_throttled.alarm_name
        arn     = aws_cloudwatch_metric_alarm.table_throttled.arn
        symptom = "stale_numbers"
      }
      unpublished-changes = {
        name    = aws_cloudwatch_metric_alarm.unpublished_changes.alarm_name
        arn     = aws_cloudwatch_metric_alarm.unpublished_changes.arn
        symptom = "stale_numbers"
      }
    },
  )
}

# The model's own alarm: events come, and its rows do not change.
resource "aws_cloudwatch_metric_alarm" "table_silent" {
  for_each = { for name, events in local.watched : name => events if length(events) > 0 }

  alarm_name        = "${var.name_prefix}-results-table-silent-${each.key}"
  alarm_description = "No row of model ${each.key} changed for ${var.silence_minutes} minutes, though the events that it counts came. Runbook: docs/runbooks/table-silent.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  evaluation_periods  = ceil(var.silence_minutes / 5)
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "silent"
    label       = "events, and no row"
    expression  = "IF(FILL(written, 0) == 0 AND (${join(" + ", formatlist("FILL(%s, 0)", [for event in each.value : "in_${event}"]))}) > 0, 1, 0)"
    return_data = true
  }
  metric_query {
    id = "written"

    metric {
      namespace   = "AWS/DynamoDB"
      metric_name = "ConsumedWriteCapacityUnits"
      dimensions  = { TableName = aws_dynamodb_table.models[each.key].name }
      stat        = "Sum"
      period      = 300
    }
  }
  dynamic "metric_query" {
    for_each = toset(each.value)

    content {
      id = "in_${metric_query.value}"

      metric {
        namespace   = "AWS/Kinesis"
        metric_name = "IncomingRecords"
        dimensions  = { StreamName = var.streams[metric_query.value].name }
        stat        = "Sum"
        period      = 300
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "table_throttled" {
  alarm_name        = "${var.name_prefix}-results-table-throttled"
  alarm_description = "DynamoDB refuses writes to a table of this account and region: rows come late. Runbook: docs/runbooks/table-throttled.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"

  # One alarm for all tables, by a query: it is priced by the metrics that it meets, and DynamoDB has this one
  # for a table only while it is throttled. A query cannot select by prefix, so it sees other tables as well.
  metric_query {
    id          = "throttled"
    label       = "refused writes"
    expression  = "SELECT SUM(WriteThrottleEvents) FROM SCHEMA(\"AWS/DynamoDB\", TableName)"
    period      = 300
    return_data = true
  }
}

resource "aws_cloudwatch_metric_alarm" "publisher_behind" {
  alarm_name        = "${var.name_prefix}-results-publisher-behind"
  alarm_description = "The publisher is more than a minute behind a table's changes: the page shows old rows. Runbook: docs/runbooks/publisher-behind.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/Lambda"
  metric_name         = "IteratorAge"
  dimensions          = { FunctionName = var.publisher_function_name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60 * 1000
  treat_missing_data  = "notBreaching"
}

resource "aws_cloudwatch_metric_alarm" "unpublished_changes" {
  alarm_name        = "${var.name_prefix}-results-unpublished-changes"
  alarm_description = "Changes of a table were given up: they are in the table, but were never pushed to a page. Runbook: docs/runbooks/unpublished-changes.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.unpublished.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
}
