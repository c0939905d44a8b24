output "budget_name" {
  description = "Name of the monthly budget, or null."
  value       = one(values(aws_budgets_budget.month)[*].name)
}

output "dashboards" {
  description = "Names of the CloudWatch dashboards by subject."
  value       = { for subject, dashboard in aws_cloudwatch_dashboard.subjects : subject => dashboard.dashboard_name }
}

output "symptom_alarms" {
  description = "Composite alarms by symptom: name and ARN."
  value = {
    for symptom, alarm in aws_cloudwatch_composite_alarm.symptoms :
    symptom => { name = alarm.alarm_name, arn = alarm.arn }
  }
}
