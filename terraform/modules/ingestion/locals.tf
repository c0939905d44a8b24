locals {
  provisioned = var.stream_mode == "PROVISIONED"

  stream_names = { for event, stream in aws_kinesis_stream.events : event => stream.name }
  accepted     = [for event in sort(keys(var.events)) : event if event != var.rejected_event]

  # An alarm takes ten metrics at most. Beyond nine events the share of rejected ones is taken of the first
  # nine, so the alarm comes a little early; and silence is judged by the first ten.
  counted = slice(local.accepted, 0, min(9, length(local.accepted)))

  alarm_outputs = merge(
    {
      for event, alarm in aws_cloudwatch_metric_alarm.write_throttled :
      "write-throttled-${event}" => { name = alarm.alarm_name, arn = alarm.arn, symptom = "ingest_loss" }
    },
    {
      for event, alarm in aws_cloudwatch_metric_alarm.unread_events :
      "unread-events-${event}" => { name = alarm.alarm_name, arn = alarm.arn, symptom = "ingest_loss" }
    },
    {
      rejected-events = {
        name    = aws_cloudwatch_metric_alarm.rejected_events.alarm_name
        arn     = aws_cloudwatch_metric_alarm.rejected_events.arn
        symptom = "ingest_loss"
      }
    },
    {
      for key, alarm in aws_cloudwatch_metric_alarm.no_events :
      "no-events" => { name = alarm.alarm_name, arn = alarm.arn, symptom = "ingest_loss" }
    },
    {
      for key, alarm in aws_cloudwatch_metric_alarm.scaler_failing :
      "scaler-failing" => { name = alarm.alarm_name, arn = alarm.arn, symptom = "ingest_loss" }
    },
  )
}
