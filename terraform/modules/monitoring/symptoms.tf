locals {
  # What a user would notice. One of these is sent for it, however many causes fired; it names them.
  symptoms = {
    api_errors    = "Requests to the API fail. Runbook: docs/runbooks/symptom-api-errors.md"
    api_slow      = "The API answers slowly. Runbook: docs/runbooks/symptom-api-slow.md"
    cost          = "Something costs more than it should. Runbook: docs/runbooks/symptom-cost.md"
    ingest_loss   = "Events of the shop get lost, or soon will. Runbook: docs/runbooks/symptom-ingest-loss.md"
    page_down     = "The page cannot be opened or gets no live numbers. Runbook: docs/runbooks/symptom-page-down.md"
    stale_numbers = "The numbers shown are old or incomplete. Runbook: docs/runbooks/symptom-stale-numbers.md"
  }

  causes = {
    for symptom in keys(local.symptoms) : symptom => sort([for alarm in var.alarms : alarm.name if alarm.symptom == symptom])
  }
}

resource "aws_cloudwatch_composite_alarm" "symptoms" {
  for_each = { for symptom, names in local.causes : symptom => names if length(names) > 0 }

  # The topic's subscriptions select by this name (module `alerting`).
  alarm_name        = "${var.name_prefix}-symptom-${replace(each.key, "_", "-")}"
  alarm_description = local.symptoms[each.key]
  alarm_actions     = [var.alarm_topic_arn]
  ok_actions        = [var.alarm_topic_arn]
  alarm_rule        = join(" OR ", formatlist("ALARM(\"%s\")", each.value))

  lifecycle {
    precondition {
      condition     = length(each.value) <= 100 && length(join(" OR ", formatlist("ALARM(\"%s\")", each.value))) <= 10240
      error_message = "${each.key}: ${length(each.value)} alarms are more than a composite alarm takes (100, 10,240 characters). Give models that are written rarely no alarm on silence (rarely_written_models)."
    }
  }
}
