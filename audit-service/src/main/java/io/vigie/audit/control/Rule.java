package io.vigie.audit.control;

import java.util.List;

import io.vigie.audit.control.Control.Text;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A rule of the policy, as {@code contracts/controls/<id>.json} has it.
 *
 * @param asks what must be so
 * @param owners the services that hold its evidence, the main one first
 * @param tests the test classes that prove it; null where another way decides
 * @param attestation null where another way decides
 * @param inCharge the role that is in charge of objects that nobody owns by their nature; null
 *     where all have an owner, and where another way decides
 * @param interval after which it is re-evaluated, ISO 8601
 * @param provenBy the types of the events that are its evidence
 */
record Rule(
    String id,
    int section,
    Text title,
    Text asks,
    List<String> owners,
    Decided decided,
    List<String> tests,
    Attestation attestation,
    String inCharge,
    String interval,
    List<String> provenBy,
    Mappings mappings) {

  /** Who or what decides whether a rule holds. */
  @Schema(name = "ControlDecided")
  enum Decided {
    /** A query over live objects. */
    QUERY,
    /** Tests of the platform. */
    BUILD,
    /** A person, as no machine can know. */
    ATTESTATION
  }

  /**
   * @param by the role that attests
   * @param interval for how long that counts, ISO 8601
   */
  @Schema(name = "ControlAttestation")
  record Attestation(String by, String interval) {}

  /**
   * @param iso27001 controls of ISO/IEC 27001:2022 Annex A
   * @param anssi measures of ANSSI's hygiene guide
   */
  @Schema(name = "ControlMappings")
  record Mappings(List<String> iso27001, List<String> anssi) {}
}
