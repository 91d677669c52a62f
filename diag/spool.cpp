#include "diag/spool.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace kenzan {

std::uint64_t Spool::append(std::string_view bytes) {
  const std::uint64_t at = written_ + held_.size();
  held_.append(bytes);
  if (held_.size() > most_held_ && !refused_) write_down();
  return at;
}

void Spool::write_down() {
  if (!file_) file_.reset(std::tmpfile());
  std::size_t done = 0;
  while (file_ && done < held_.size()) {
    const ssize_t got =
        ::pwrite(fileno(file_.get()), held_.data() + done, held_.size() - done, static_cast<off_t>(written_ + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  if (done < held_.size()) {  // no room: what is in the file already is good
    refused_ = true;
    return;
  }
  written_ += done;
  held_.clear();
}

void Spool::read(std::uint64_t at, std::size_t size, std::string& out) const {
  if (at >= written_) {
    out.assign(held_, at - written_, size);
    return;
  }
  out.resize(size);
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = ::pread(fileno(file_.get()), out.data() + done, size - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw std::system_error(got == 0 ? EIO : errno, std::generic_category(), "cannot read a temporary file back");
    done += static_cast<std::size_t>(got);
  }
}

}  // namespace kenzan
