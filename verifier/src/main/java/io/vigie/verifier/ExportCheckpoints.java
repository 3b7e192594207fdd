package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.vigie.verifier.ExportVerifier.BadCheckpoint;
import io.vigie.verifier.ExportVerifier.NoExport;
import io.vigie.verifier.ExportVerifier.Unsigned;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.WrongRoot;
import io.vigie.verifier.LogVerifier.Older;

import static io.vigie.verifier.Canonical.base64;

/**
 * The checkpoints that an export is held against: the one it carries, and those that someone kept.
 * Each is compared where the export's tree has its size.
 */
final class ExportCheckpoints {

  /** A checkpoint, and the root that the export's tree has at its size, null where it has none. */
  private static final class Held {
    final Older kept;
    byte[] computed;

    Held(Older kept) {
      this.kept = kept;
    }

    Checkpoint checkpoint() {
      return kept.checkpoint();
    }

    boolean covers(long from, long to) {
      return computed != null && (checkpoint().size() > from || from == to);
    }
  }

  private final List<VerifierKey> keys;
  private final Witnesses witnesses;
  private final List<Held> all = new ArrayList<>();
  private Held carried;
  private Held counting;
  private List<VerifierKey> cosigners = List.of();

  /**
   * What to hold an export against.
   *
   * @param keys whose signature is believed; without any, none is checked
   * @param kept checkpoints that one of the keys signed
   * @param witnesses who must have cosigned the checkpoint that counts
   */
  ExportCheckpoints(List<VerifierKey> keys, List<Older> kept, Witnesses witnesses) {
    this.keys = keys;
    this.witnesses = witnesses;
    kept.forEach(each -> all.add(new Held(each)));
  }

  /**
   * Takes the checkpoint that an export carries.
   *
   * @param origin the log that the export says it is of
   * @param note the checkpoint, or null
   * @return what is wrong with one of the checkpoints, or null
   * @throws NoExport when there is no key to hold it against and it is no checkpoint
   */
  Verdict carried(String origin, String note) throws NoExport {
    if (note != null) {
      byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
      try {
        Checkpoint checkpoint =
            keys.isEmpty() ? Checkpoint.parse(bytes) : Checkpoint.open(bytes, keys);
        carried = new Held(new Older("the checkpoint it carries", checkpoint));
        all.add(carried);
      } catch (SignedNote.Malformed e) {
        throw new NoExport("its checkpoint cannot be read: " + e.getMessage());
      } catch (Rejected e) {
        return new BadCheckpoint(e.getMessage());
      }
    }
    for (Held held : all) {
      if (!held.checkpoint().origin().equals(origin)) {
        return new BadCheckpoint(
            "the export says it is of %s, %s is of %s"
                .formatted(
                    Terminal.quoted(origin),
                    held.kept.name(),
                    Terminal.quoted(held.checkpoint().origin())));
      }
    }
    return null;
  }

  /** The tree has this size now. */
  void reached(long size, RootBuilder tree) {
    for (Held held : all) {
      if (held.checkpoint().size() == size) {
        held.computed = tree.root();
      }
    }
  }

  /** What contradicts the tree, or why it proves nothing of these entries; null where neither. */
  Verdict problem(long from, long to) {
    for (Held held : all) {
      String promised = base64(held.checkpoint().root());
      if (held.computed != null && !promised.equals(base64(held.computed))) {
        return new WrongRoot(promised, base64(held.computed));
      }
    }
    if (keys.isEmpty()) {
      return null;
    }
    for (Held held : all) {
      if (held.computed == null && held != carried) {
        return nothingOf(from, to, held);
      }
    }
    if (all.stream().noneMatch(held -> held.covers(from, to))) {
      return carried == null
          ? new Unsigned("it carries no checkpoint of the log")
          : nothingOf(from, to, carried);
    }
    try {
      counting = counting(from, to);
      cosigners = witnesses.of(counting.checkpoint());
      return null;
    } catch (Rejected e) {
      return new BadCheckpoint(e.getMessage());
    }
  }

  /**
   * The checkpoint that says the most of these entries: of those that enough witnesses cosigned,
   * which the newest may still wait for, where there is one.
   */
  private Held counting(long from, long to) throws Rejected {
    Held best = null;
    boolean isBestCosigned = false;
    for (Held held : all) {
      if (!held.covers(from, to)) {
        continue;
      }
      boolean isCosigned = witnesses.cosigned(held.checkpoint());
      boolean isBetter =
          best == null
              || isCosigned && !isBestCosigned
              || isCosigned == isBestCosigned
                  && held.checkpoint().size() > best.checkpoint().size();
      if (isBetter) {
        best = held;
        isBestCosigned = isCosigned;
      }
    }
    return best;
  }

  private static Unsigned nothingOf(long from, long to, Held held) {
    return new Unsigned(
        "%s, of size %d, says nothing of its entries, from %d on and below %d"
            .formatted(held.kept.name(), held.checkpoint().size(), from, to));
  }

  /**
   * How many of the entries the checkpoint that counts covers; null where no signature was checked.
   * To be asked, as {@link #cosigners}, once there is no {@link #problem}.
   */
  Long covered(long from, long to) {
    return counting == null ? null : Math.min(counting.checkpoint().size(), to) - from;
  }

  /** The witnesses that cosigned the checkpoint that counts. */
  List<VerifierKey> cosigners() {
    return cosigners;
  }
}
