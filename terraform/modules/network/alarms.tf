resource "aws_cloudwatch_metric_alarm" "nat_ports" {
  for_each = aws_nat_gateway.zones

  alarm_name        = "${var.name_prefix}-network-nat-ports-${each.key}"
  alarm_description = "The NAT gateway of ${each.key} has no port left for new connections: pushes to browsers fail. Runbook: docs/runbooks/nat-ports.md"
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]

  namespace           = "AWS/NATGateway"
  metric_name         = "ErrorPortAllocation"
  dimensions          = { NatGatewayId = each.value.id }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
}
