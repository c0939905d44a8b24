output "alarms" {
  description = "Alarms by key: name, ARN and the symptom that a user would notice."
  value       = local.alarm_outputs
}

output "applications" {
  description = "Applications by name: physical name, ARN, version, role and log group."
  value = {
    for app, application in aws_kinesisanalyticsv2_application.apps : app => {
      name           = application.name
      arn            = application.arn
      version_id     = application.version_id
      role_arn       = aws_iam_role.apps[app].arn
      log_group_name = aws_cloudwatch_log_group.apps[app].name
    }
  }
}
