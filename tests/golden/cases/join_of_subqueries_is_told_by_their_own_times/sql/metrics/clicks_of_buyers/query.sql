-- What do buyers click?
SELECT
    bought.paid_at AS paid_at,  -- when
    bought.event_id,            -- the order
    clicked.click_id            -- the click
FROM (SELECT event_id, user_id, event_time AS paid_at FROM purchase) AS bought
JOIN (SELECT event_id AS click_id, user_id, event_time AS clicked_at FROM click) AS clicked
    ON bought.user_id = clicked.user_id
