package io.vigie.console.task;

import java.util.Map;

import jakarta.inject.Singleton;

import io.vigie.console.register.Registers;
import io.vigie.console.service.TaskService.Task;

/** Where what waits for somebody is done. */
@Singleton
public class TaskPages {

  /** What is done on a page of one's own, in place of that of its object. */
  private static final Map<String, String> OWN =
      Map.of("document.acknowledge", "/my/documents", "training.attend", "/my/courses");

  /** What is done on a page below its object's. */
  private static final Map<String, String> BELOW =
      Map.of("campaign.review", "/review", "review.confirm", "/confirmations");

  private final Registers registers;

  public TaskPages(Registers registers) {
    this.registers = registers;
  }

  /**
   * The path of the page; of that of what it is about, where it has none; null for nowhere here.
   *
   * @param service that says that it waits
   */
  public String of(String service, Task task) {
    if (task.kind().startsWith("evidence-request.")) {
      return "/evidence-requests/" + task.id();
    }
    if (task.kind().equals("control-attestation.give")) {
      return "/controls" + task.subject().substring(task.subject().indexOf('/')) + "/attestation";
    }
    String own = OWN.get(task.kind());
    if (own != null) {
      return own;
    }
    String page = registers.page(service, task.href(), task.subject());
    return page == null ? null : page + BELOW.getOrDefault(task.kind(), "");
  }
}
