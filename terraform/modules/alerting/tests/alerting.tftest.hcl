mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:111122223333:rta-dev-alarms" }
  }
}

# The README's example.
variables {
  name_prefix = "rta-dev"
  kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  emails      = ["oncall@example.com"]
  tell_about  = "SYMPTOMS"
}

run "a_mailbox_gets_what_a_user_would_notice" {
  assert {
    condition     = jsondecode(aws_sns_topic_subscription.emails["oncall@example.com"].filter_policy) == { AlarmName = [{ prefix = "rta-dev-symptom-" }] }
    error_message = "The filter must let symptoms through and nothing else."
  }
  assert {
    condition     = aws_sns_topic_subscription.emails["oncall@example.com"].filter_policy_scope == "MessageBody"
    error_message = "An alarm's name is in the message's body, not in its attributes."
  }
}

run "messages_are_encrypted_and_only_alarms_and_budgets_may_publish" {
  assert {
    condition     = aws_sns_topic.alarms.kms_master_key_id == var.kms_key_arn
    error_message = "The topic must be encrypted with the given key."
  }
  assert {
    condition     = tolist(data.aws_iam_policy_document.publish.statement[0].actions) == tolist(["sns:Publish"]) && one(data.aws_iam_policy_document.publish.statement[0].condition).variable == "aws:SourceAccount"
    error_message = "Publishing is for services of this account."
  }
}

run "every_cause_can_be_mailed_too" {
  command = plan

  variables {
    tell_about = "EVERY_ALARM"
  }

  assert {
    condition     = aws_sns_topic_subscription.emails["oncall@example.com"].filter_policy == null
    error_message = "EVERY_ALARM filters nothing."
  }
}

run "what_is_no_address_is_refused" {
  command = plan

  variables {
    emails = ["oncall"]
  }
  expect_failures = [var.emails]
}

run "another_word_for_what_is_mailed_is_refused" {
  command = plan

  variables {
    tell_about = "ALL"
  }
  expect_failures = [var.tell_about]
}
