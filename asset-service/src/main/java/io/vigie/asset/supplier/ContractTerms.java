package io.vigie.asset.supplier;

import java.time.LocalDate;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import io.vigie.asset.policy.TextList;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * What was agreed with a supplier. An amendment is a contract of its own.
 *
 * @param reference by which both sides know it
 * @param startsOn the first day on which it binds
 * @param endsOn the last one, or null where it has no end of its own
 * @param noticePeriod ISO 8601 in years, months and days: {@code P3M}
 * @param documents SHA-256 of the signed documents, in hexadecimal
 * @param clauses of the security clauses, those that it contains, by rule
 */
@Embeddable
public record ContractTerms(
    @NotBlank @Size(max = 100) String reference,
    @NotNull @Column(name = "signed_on") LocalDate signedOn,
    @NotNull @Column(name = "starts_on") LocalDate startsOn,
    @Column(name = "ends_on") LocalDate endsOn,
    @NotNull
        @Pattern(
            regexp = "P(?=[0-9])([0-9]{1,2}Y)?([0-9]{1,3}M)?([0-9]{1,4}D)?",
            message = "must be a period as in ISO 8601, P3M for example")
        @Column(name = "notice_period")
        String noticePeriod,
    @NotNull @Size(max = 50) @Convert(converter = TextList.class)
        List<
                @NotNull
                @Pattern(
                    regexp = "[0-9a-f]{64}",
                    message = "must be 64 lower-case hexadecimal digits")
                String>
            documents,
    @NotNull @Size(max = 200) @Convert(converter = TextList.class) List<@NotNull String> clauses) {

  /**
   * These terms with their clauses in one order.
   *
   * @throws Problem 400 when a clause is none, or the contract ends before it starts
   */
  ContractTerms requireConsistent() {
    if (endsOn != null && endsOn.isBefore(startsOn)) {
      throw Problem.invalid(List.of(new FieldError("endsOn", "must not be before startsOn")));
    }
    return new ContractTerms(
        reference, signedOn, startsOn, endsOn, noticePeriod, documents, Clause.require(clauses));
  }
}
