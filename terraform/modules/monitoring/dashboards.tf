resource "aws_cloudwatch_dashboard" "subjects" {
  for_each = { for subject, widgets in local.dashboards : subject => widgets if length(widgets) > 0 }

  dashboard_name = "${var.name_prefix}-${each.key}"
  dashboard_body = jsonencode({
    widgets = [
      for place, widget in each.value : merge(jsondecode(widget), {
        width  = 12
        height = 6
        x      = place % 2 * 12
        y      = floor(place / 2) * 6
      })
    ]
  })
}
