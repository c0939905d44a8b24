output "topic_arn" {
  description = "Topic that every alarm publishes to: `alarm_topic_arn` of the other modules."
  # Through the policy: an alarm made before it could not publish.
  value = aws_sns_topic_policy.alarms.arn
}

output "topic_name" {
  description = "Name of that topic."
  value       = aws_sns_topic.alarms.name
}
