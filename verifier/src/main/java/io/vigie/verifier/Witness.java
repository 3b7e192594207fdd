package io.vigie.verifier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A witness, C2SP tlog-witness: it cosigns a log's checkpoint when that extends the one it cosigned
 * before, so that the log cannot show two histories to people who ask for its cosignature. It
 * remembers before it answers. Safe for use by several threads; requests for one log wait for one
 * another.
 */
final class Witness {

  /** What the protocol answers. */
  record Answer(int status, String contentType, String body) {
    static Answer refusal(int status, String reason) {
      return new Answer(status, "text/plain; charset=utf-8", reason + "\n");
    }
  }

  /** A log, and the latest checkpoint of it that was cosigned; guarded by this object's monitor. */
  private static final class Log {
    long size;
    byte[] root;
    byte[] note;
  }

  private final SignerKey key;
  private final List<VerifierKey> keys;
  private final WitnessState state;
  private final Clock clock;
  private final Map<String, Log> logs = new HashMap<>();
  private final Map<String, Log> logsByHash = new HashMap<>();

  /**
   * A witness of the logs whose keys these are.
   *
   * @throws Unusable when what it remembers of one of them does not bear its own cosignature: to go
   *     on without it could cosign a second history
   */
  Witness(SignerKey key, List<VerifierKey> keys, WitnessState state, Clock clock)
      throws IOException, Unusable {
    this.key = key;
    this.keys = keys;
    this.state = state;
    this.clock = clock;
    for (VerifierKey ofLog : keys) {
      String origin = ofLog.name();
      if (!logs.containsKey(origin)) {
        Log log = remembered(origin);
        logs.put(origin, log);
        logsByHash.put(WitnessState.name(origin), log);
      }
    }
  }

  private Log remembered(String origin) throws IOException, Unusable {
    Log log = new Log();
    byte[] note = state.read(origin);
    if (note == null) {
      return log;
    }
    String reason = "it is not of " + Terminal.quoted(origin) + " or not cosigned by this key";
    try {
      Checkpoint latest = Checkpoint.parse(note);
      if (latest.origin().equals(origin)
          && !latest.note().signers(List.of(key.verifier())).isEmpty()) {
        log.size = latest.size();
        log.root = latest.root();
        log.note = note;
        return log;
      }
    } catch (SignedNote.Malformed | Rejected e) {
      reason = e.getMessage();
    }
    throw new Unusable(
        state.file(origin)
            + " is not what this witness remembered: "
            + reason
            + "; without its memory a witness needs a new key");
  }

  /**
   * Answers an {@code add-checkpoint} request.
   *
   * @throws IOException when the checkpoint could not be remembered, and so is not cosigned
   */
  Answer add(byte[] body) throws IOException {
    Submission submission;
    try {
      submission = Submission.parse(body);
    } catch (SignedNote.Malformed e) {
      return Answer.refusal(400, "the request is malformed: " + e.getMessage());
    }
    Checkpoint checkpoint = submission.checkpoint();
    Log log = logs.get(checkpoint.origin());
    if (log == null) {
      return Answer.refusal(404, "this log is not known here");
    }
    List<VerifierKey> signers;
    try {
      signers = checkpoint.note().signers(checkpoint.ofThisLog(keys));
    } catch (Rejected e) {
      return Answer.refusal(403, e.getMessage());
    }
    if (signers.isEmpty()) {
      return Answer.refusal(403, "no key of this log that is known here signed the checkpoint");
    }
    if (submission.oldSize() > checkpoint.size()) {
      return Answer.refusal(400, "the old size is larger than the checkpoint's");
    }
    synchronized (log) {
      if (submission.oldSize() != log.size) {
        return new Answer(409, "text/x.tlog.size", log.size + "\n");
      }
      String inconsistent = inconsistency(submission, log);
      return inconsistent == null
          ? cosign(checkpoint, signers, log)
          : Answer.refusal(422, inconsistent);
    }
  }

  private static String inconsistency(Submission submission, Log log) {
    Checkpoint checkpoint = submission.checkpoint();
    if (checkpoint.size() == 0 && !Arrays.equals(checkpoint.root(), new TreeHash().empty())) {
      return "the root of an empty tree is the hash of nothing";
    }
    if (log.size == 0) {
      return submission.proof().isEmpty() ? null : "a proof from size 0 is empty";
    }
    return ConsistencyProof.verify(
            log.size, checkpoint.size(), submission.proof(), log.root, checkpoint.root())
        ? null
        : "the checkpoint does not extend the one cosigned before";
  }

  /** Remembers the checkpoint, then lets the cosignature out. */
  private Answer cosign(Checkpoint checkpoint, List<VerifierKey> signers, Log log)
      throws IOException {
    String text = checkpoint.note().text();
    String line = key.cosign(text, clock.instant().getEpochSecond());
    StringBuilder kept = new StringBuilder(text).append('\n');
    checkpoint.note().signatures().stream()
        .filter(signature -> signers.stream().anyMatch(signature::isBy))
        .forEach(signature -> kept.append(signature.line()));
    byte[] note = kept.append(line).toString().getBytes(StandardCharsets.UTF_8);
    state.write(checkpoint.origin(), note);
    log.size = checkpoint.size();
    log.root = checkpoint.root();
    log.note = note;
    return new Answer(200, "text/plain; charset=utf-8", line);
  }

  /** The latest cosigned checkpoint of the log whose origin has this SHA-256, in hex. */
  Answer latest(String originHash) {
    Log log = logsByHash.get(originHash);
    if (log == null) {
      return Answer.refusal(404, "this log is not known here");
    }
    synchronized (log) {
      return log.note == null
          ? Answer.refusal(404, "no checkpoint of this log was cosigned yet")
          : new Answer(
              200, "text/plain; charset=utf-8", new String(log.note, StandardCharsets.UTF_8));
    }
  }
}
