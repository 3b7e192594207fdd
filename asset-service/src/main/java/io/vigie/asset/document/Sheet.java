package io.vigie.asset.document;

import java.util.List;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.vigie.asset.policy.PolicyRules;
import io.vigie.asset.policy.TextList;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What is known of a document beside its content.
 *
 * @param owner the person who answers for it
 * @param rules of the policy that it serves, by id
 * @param reviewMonths after how many months at most it is looked at again, 1 to 60
 */
@Embeddable
@Schema(name = "DocumentSheet")
public record Sheet(
    @NotBlank @Size(max = 200) @Column(name = "title_fr") String titleFr,
    @NotBlank @Size(max = 200) @Column(name = "title_en") String titleEn,
    @NotNull @Enumerated(EnumType.STRING) DocumentKind kind,
    @NotNull UUID owner,
    @NotEmpty @Size(max = 100) @Convert(converter = TextList.class) List<@NotNull String> rules,
    @NotNull @Valid @Embedded Audience audience,
    @Min(1) @Max(60) @Column(name = "review_months") int reviewMonths) {

  /**
   * What the fields' own limits cannot say.
   *
   * @throws Problem 400 when a rule is none, or the audience is unclear
   */
  Sheet requireConsistent() {
    PolicyRules.require("rules", rules);
    audience.requireConsistent();
    return this;
  }

  Sheet with(Audience other) {
    return new Sheet(titleFr, titleEn, kind, owner, rules, other, reviewMonths);
  }
}
