output "alarms" {
  description = "Alarms by key: name, ARN and the symptom that a user would notice."
  value = {
    for zone, alarm in aws_cloudwatch_metric_alarm.nat_ports :
    "nat-ports-${zone}" => { name = alarm.alarm_name, arn = alarm.arn, symptom = "stale_numbers" }
  }
}

output "private_subnet_ids" {
  description = "Private subnets by zone."
  # Through the routes: what starts in a subnet may need its way out at once.
  value = { for zone, association in aws_route_table_association.private : zone => association.subnet_id }
}

output "public_subnet_ids" {
  description = "Public subnets by zone: NAT gateways only."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }
}

output "security_group_ids" {
  description = "Security groups by part: endpoints, flink, lambda, valkey."
  value       = { for part, group in aws_security_group.parts : part => group.id }
}

output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.main.id
}
