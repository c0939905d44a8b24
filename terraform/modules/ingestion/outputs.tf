output "alarms" {
  description = "Alarms by key: name, ARN and the symptom that a user would notice."
  value       = local.alarm_outputs
}

output "collector_secret" {
  description = "Secret with the collector's keys: name and ARN. `make deploy` puts the value in; no state holds it."
  value = {
    name = aws_secretsmanager_secret.collector.name
    arn  = aws_secretsmanager_secret.collector.arn
  }
}

output "streams" {
  description = "Streams by event: name and ARN."
  value       = { for event, stream in aws_kinesis_stream.events : event => { name = stream.name, arn = stream.arn } }
}

output "write_policy_json" {
  description = "What the collector needs: to put records on these streams and read its secret. For its role's policy."
  value       = data.aws_iam_policy_document.write.json
}
