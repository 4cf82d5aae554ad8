·
c-000001subscription-0billing*ÏßÃ2
½ßÃÜüÿÿÿÿÿÿÿ:billing@RRosewater Billing 3.0ZO
0type.googleapis.com/subrosa.v1.SubscriptionEventfamily-plus"h-000001(Ã
c-000001sleep-4wearable*ÑÆ2
‘âÆ©ÏÆÜüÿÿÿÿÿÿÿ:sleep-coaching@JíÕÀÑÿVôŞê†!9KøHRRosewater Band 2.4ZC
+type.googleapis.com/subrosa.v1.SleepSession
Ğ×¸&¬/ (Â
c-000001meditation-5ios-app*¥‚ğÆ2
»òïÆ—şïÆÜüÿÿÿÿÿÿÿ:guided-practice@RR