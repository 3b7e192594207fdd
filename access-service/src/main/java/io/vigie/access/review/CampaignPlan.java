package io.vigie.access.review;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a campaign is to be. What is left out is as {@code contracts/policy/reviews.json} has it.
 *
 * @param scope all rights in effect, unless it is said
 * @param opensAt within a year; now, unless it is said
 * @param answerWithinDays how long reviewers have, from its opening
 * @param graceDays how long after that until what nobody certified is suspended
 * @param everyMonths how often it comes again by itself; 0 for once
 */
@Schema(name = "CampaignPlan")
@Embeddable
public record CampaignPlan(
    @NotBlank @Size(max = 200) String name,
    @Valid @Convert(converter = Scope.Text.class) Scope scope,
    @NotNull @Enumerated(EnumType.STRING) ReviewerRule reviewers,
    @Column(name = "opens_at") Instant opensAt,
    @Column(name = "answer_within_days") @Min(1) @Max(180) Integer answerWithinDays,
    @Column(name = "grace_days") @Min(1) @Max(90) Integer graceDays,
    @Column(name = "every_months") @Min(0) @Max(24) Integer everyMonths) {

  /** The same at another time. */
  CampaignPlan at(Instant time) {
    return new CampaignPlan(name, scope, reviewers, time, answerWithinDays, graceDays, everyMonths);
  }
}
