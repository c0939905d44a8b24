output "alarms" {
  description = "Alarms by key: name, ARN and the symptom that a user would notice."
  value       = local.alarm_outputs
}

output "dead_letter_queue" {
  description = "Queue that names the changes which the publisher could not take: name, ARN and URL."
  value = {
    name = aws_sqs_queue.unpublished.name
    arn  = aws_sqs_queue.unpublished.arn
    url  = aws_sqs_queue.unpublished.url
  }
}

output "event_source_mappings" {
  description = "UUID of the mapping from a model's table to the publisher, by model."
  value       = { for model, mapping in aws_lambda_event_source_mapping.publisher : model => mapping.uuid }
}

output "tables" {
  description = "Tables by model: name, ARN and ARN of the change stream."
  value = {
    for model, table in aws_dynamodb_table.models :
    model => { name = table.name, arn = table.arn, stream_arn = table.stream_arn }
  }
}
