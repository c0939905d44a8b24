mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
  mock_resource "aws_cloudwatch_composite_alarm" {
    defaults = { arn = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:rta-dev-symptom" }
  }
}

# The README's example.
variables {
  name_prefix     = "rta-dev"
  alarm_topic_arn = "arn:aws:sns:us-east-1:111122223333:rta-dev-alarms"
  budget_usd      = 500
  budget_emails   = ["oncall@example.com"]
  project_tag     = { key = "Environment", value = "rta-dev" }
  alarms = {
    flink-down-main   = { name = "rta-dev-stream-processing-flink-down-main", symptom = "stale_numbers" }
    flink-behind-main = { name = "rta-dev-stream-processing-flink-behind-main", symptom = "stale_numbers" }
    no-events         = { name = "rta-dev-ingestion-no-events", symptom = "ingest_loss" }
    api-errors        = { name = "rta-dev-serving-api-errors", symptom = "api_errors" }
  }
  applications     = { main = { name = "rta-dev-main" } }
  delivery_streams = { purchase = "rta-dev-purchase" }
  events           = { purchase = { stream = "purchase" }, rejected_event = { stream = "rejected-event" } }
  models = {
    basket_value = { kind = "decision" }
    revenue_per_minute = {
      kind     = "metric"
      question = "How much money does the shop take each minute, by currency?"
      table    = { name = "revenue-per-minute" }
    }
  }
  serving = {
    api_name        = "rta-dev"
    stage_name      = "api"
    cache_name      = "rta-dev"
    distribution_id = "E123EXAMPLE"
    function_names  = { api = "rta-dev-api", publisher = "rta-dev-publisher" }
    websocket_id    = "a1b2c3d4"
  }
}

run "each_symptom_with_a_cause_has_one_alarm_of_all_its_causes" {
  assert {
    condition     = { for symptom, alarm in output.symptom_alarms : symptom => alarm.name } == { api_errors = "rta-dev-symptom-api-errors", ingest_loss = "rta-dev-symptom-ingest-loss", stale_numbers = "rta-dev-symptom-stale-numbers" }
    error_message = "A symptom without a cause has no alarm."
  }
  assert {
    condition     = aws_cloudwatch_composite_alarm.symptoms["stale_numbers"].alarm_rule == "ALARM(\"rta-dev-stream-processing-flink-behind-main\") OR ALARM(\"rta-dev-stream-processing-flink-down-main\")"
    error_message = "The rule is ${aws_cloudwatch_composite_alarm.symptoms["stale_numbers"].alarm_rule}."
  }
  assert {
    condition     = alltrue([for symptom, alarm in aws_cloudwatch_composite_alarm.symptoms : strcontains(alarm.alarm_description, "Runbook: docs/runbooks/symptom-${replace(symptom, "_", "-")}.md")])
    error_message = "A symptom's description links to its own runbook."
  }
}

run "the_dashboards_show_what_the_manifest_lists" {
  assert {
    condition     = toset(keys(output.dashboards)) == toset(["business", "ingestion", "serving", "stream"])
    error_message = "There are four dashboards."
  }
  assert {
    condition     = contains(jsondecode(aws_cloudwatch_dashboard.subjects["business"].dashboard_body).widgets[*].properties.title, "revenue_per_minute: changes a minute. How much money does the shop take each minute, by currency?")
    error_message = "A model is on the business dashboard, with its question."
  }
  assert {
    condition     = !strcontains(aws_cloudwatch_dashboard.subjects["business"].dashboard_body, "basket_value")
    error_message = "A decision has no rows to show."
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.subjects["ingestion"].dashboard_body).widgets[0].properties.metrics == [["AWS/Kinesis", "IncomingRecords", "StreamName", "rta-dev-purchase", { label = "purchase" }], ["AWS/Kinesis", "IncomingRecords", "StreamName", "rta-dev-rejected-event", { label = "rejected_event" }]]
    error_message = "Each event is a line of the first chart."
  }
  assert {
    condition = alltrue([
      for place, widget in jsondecode(aws_cloudwatch_dashboard.subjects["stream"].dashboard_body).widgets : widget.x == place % 2 * 12 && widget.y == floor(place / 2) * 6
    ])
    error_message = "Widgets stand two in a row."
  }
  assert {
    condition = alltrue(flatten([
      for dashboard in aws_cloudwatch_dashboard.subjects : [for widget in jsondecode(dashboard.dashboard_body).widgets : length(try(widget.properties.metrics, widget.properties.alarms)) > 0]
    ]))
    error_message = "CloudWatch refuses a chart without lines."
  }
}

run "the_budget_counts_this_environment_and_tells_before_it_is_spent" {
  assert {
    condition     = one(aws_budgets_budget.month["usd"].cost_filter).values == tolist(["user:Environment$rta-dev"]) && aws_budgets_budget.month["usd"].limit_amount == "500"
    error_message = "The budget is for what carries the environment's tag."
  }
  assert {
    condition     = toset([for notification in aws_budgets_budget.month["usd"].notification : "${notification.notification_type} ${notification.threshold}"]) == toset(["ACTUAL 80", "ACTUAL 100", "FORECASTED 100"])
    error_message = "It tells at 80 %, at 100 %, and when the forecast says so."
  }
}

run "without_a_budget_none_is_watched" {
  command = plan

  variables {
    budget_usd = 0
  }

  assert {
    condition     = length(aws_budgets_budget.month) == 0
    error_message = "0 means none."
  }
}

run "what_is_not_there_is_not_shown" {
  variables {
    applications     = {}
    delivery_streams = {}
    serving          = {}
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.subjects["ingestion"].dashboard_body).widgets) == 6
    error_message = "Without a delivery stream there is no chart of one."
  }
  assert {
    condition     = toset(keys(output.dashboards)) == toset(["business", "ingestion", "stream"])
    error_message = "A dashboard without a chart is not made."
  }
}

run "an_unknown_symptom_is_refused" {
  command = plan

  variables {
    alarms = { odd = { name = "rta-dev-odd", symptom = "slow" } }
  }
  expect_failures = [var.alarms]
}
