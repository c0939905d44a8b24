output "alarms" {
  description = "Alarms by key: name, ARN and the symptom that a user would notice."
  value = merge(
    {
      for event, alarm in aws_cloudwatch_metric_alarm.lake_late :
      "lake-late-${event}" => { name = alarm.alarm_name, arn = alarm.arn, symptom = "ingest_loss" }
    },
    {
      lake-transform-failing = {
        name    = aws_cloudwatch_metric_alarm.lake_transform_failing.alarm_name
        arn     = aws_cloudwatch_metric_alarm.lake_transform_failing.arn
        symptom = "ingest_loss"
      }
    },
  )
}

output "athena_workgroup_name" {
  description = "Workgroup that queries run in."
  value       = aws_athena_workgroup.analysts.name
}

output "buckets" {
  description = "Buckets by part (artifacts, athena, lake, logs, page): name, ARN and regional host name."
  value = {
    for part, bucket in aws_s3_bucket.parts :
    part => { name = bucket.id, arn = bucket.arn, regional_domain_name = bucket.bucket_regional_domain_name }
  }
}

output "delivery_streams" {
  description = "Names of the Firehose delivery streams by event."
  value       = { for event, delivery in aws_kinesis_firehose_delivery_stream.events : event => delivery.name }
}

output "glue_database_name" {
  description = "Database of the events' tables."
  value       = aws_glue_catalog_database.lake.name
}

output "transform_function_name" {
  description = "Name of the Lambda that makes rows."
  value       = aws_lambda_function.transform.function_name
}
