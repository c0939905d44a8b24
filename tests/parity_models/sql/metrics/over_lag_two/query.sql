-- What did each user click two clicks before?
SELECT
    event_time AS clicked_at,  -- when
    event_id AS click_event,  -- the click
    LAG(element, 2) OVER (PARTITION BY user_id ORDER BY event_time) AS two_before,  -- two clicks before
    LAG(element, 1, 'none') OVER (PARTITION BY user_id ORDER BY event_time) AS or_none  -- one click before
FROM click
