output "alarms" {
  description = "Alarms by key: name, ARN and the symptom that a user would notice."
  value = {
    for job, alarm in aws_cloudwatch_metric_alarm.job_failed :
    "job-failed-${job}" => { name = alarm.alarm_name, arn = alarm.arn, symptom = "stale_numbers" }
  }
}

output "jobs" {
  description = "Jobs by name: physical name and role."
  value = {
    for job, definition in aws_glue_job.jobs :
    job => { name = definition.name, role_arn = definition.role_arn }
  }
}
