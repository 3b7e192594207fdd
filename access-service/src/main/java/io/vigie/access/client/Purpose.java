package io.vigie.access.client;

import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * For what a client's data is touched (R10.3).
 *
 * @param reference which clause, or which instruction; names nobody
 * @param file SHA-256 of the instruction; of a clause the contract's, which may be left out
 */
@Schema(name = "ClientPurpose")
@Embeddable
public record Purpose(
    @NotNull @Enumerated(EnumType.STRING) @Column(name = "ground") Ground ground,
    @NotBlank @Size(max = 200) @Column(name = "reference") String reference,
    @FileHash @Column(name = "file") String file) {

  /** What says that it may be: a clause of the contract, or a documented instruction. */
  @Schema(name = "ClientPurposeGround")
  public enum Ground {
    CLAUSE,
    INSTRUCTION
  }

  /**
   * This purpose with the file that it stands in.
   *
   * @throws Problem 400 when an instruction has none, or a clause that of another contract
   */
  Purpose in(ClientContract contract) {
    if (ground == Ground.INSTRUCTION && file == null) {
      throw invalid("must be there: an instruction is documented");
    }
    if (ground == Ground.CLAUSE && file != null && !file.equals(contract.file())) {
      throw invalid("must be the contract's, or left out");
    }
    return new Purpose(ground, reference.strip(), ground == Ground.CLAUSE ? contract.file() : file);
  }

  private static Problem invalid(String rule) {
    return Problem.invalid(List.of(new FieldError("purpose.file", rule)));
  }
}
