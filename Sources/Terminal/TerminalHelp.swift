/// What `--help` and `help` say.
public enum TerminalHelp {
  public static func usage(_ language: Language) -> String {
    language.say(englishUsage, chineseUsage)
  }

  /// The commands, a line each.
  public static func commands(_ language: Language) -> [String] {
    language.say(englishCommands, chineseCommands).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
  }

  private static let englishCommands = """
    buy|sell open|close|close-today|close-yesterday INSTRUMENT LOTS @ PRICE|market
             [day|fak|fok] [min N] [speculation|arbitrage|hedge]
    cancel ORDER               ORDER is #3 as in 'orders', last, or an id
    cancel all [INSTRUMENT] [buy|sell]
    orders                     orders of today that are known here, numbered
    orders all [PATTERN]       orders of today as the gateway has them
    trades|positions|limits [PATTERN], funds
                               fills, holdings, own limits and money; PATTERN is rb or rb26*
    try buy|sell ...           what every rule finds in an order that is not sent
    why ORDER                  what was done with an order, and would be done now
    room INSTRUMENT [@ PRICE]  how many lots could be ordered, and what binds
    watch INSTRUMENT...        prices as they come; unwatch [INSTRUMENT...] ends that
    follow [positions|funds|all] [every MILLISECONDS]
                               holdings and money as they change; unfollow ends that
    notices [after NUMBER]     what was told of the account: lines, bars, liquidations
    instruments [COMMODITY|EXCHANGE|PATTERN]
    wait [filled ORDER|final ORDER] [within SECONDS]
                               until that order, or every order, is final
    echo TEXT, help [COMMAND], quit
    INSTRUMENT is rb2610 or SHFE.rb2610; a line that begins with # is a comment.
    """

  private static let chineseCommands = """
    buy|sell open|close|close-today|close-yesterday 合约 手数 @ 价格|market
             [day|fak|fok] [min N] [speculation|arbitrage|hedge]    报单
    cancel 报单                撤单；报单为 orders 所列 #3、last 或编号
    cancel all [合约] [buy|sell]    全部撤单
    orders                     本终端所知当日报单（带编号）
    orders all [前缀]          网关所存当日报单
    trades|positions|limits [前缀]、funds
                               成交、持仓、自身限额与资金；前缀如 rb、rb26*
    try buy|sell ...           试算：不发出报单，逐条规则给出结论
    why 报单                   当时的处理结果与现在的结论
    room 合约 [@ 价格]         现可报的最大手数及制约原因
    watch 合约...              订阅行情；unwatch [合约...] 退订
    follow [positions|funds|all] [every 毫秒数]
                               订阅持仓与资金变动；unfollow 退订
    notices [after 编号]       与本账户有关的通知：风控线、限制、强平
    instruments [品种|交易所|前缀]  合约列表
    wait [filled 报单|final 报单] [within 秒数]    等待报单了结
    echo 文本、help [命令]、quit
    合约写作 rb2610 或 SHFE.rb2610；以 # 开头的行为注释。
    """

  private static let englishUsage = """
    usage: sluice terminal --connect HOST:PORT --account NAME [options]

      --password-file FILE  first line is the password; else $SLUICE_PASSWORD, else it is asked for
      --tls                 TLS; the certificate must be for HOST, by whom the system trusts
      --ca FILE             ... or by this authority, or be this certificate
      --tls-name NAME       ... and for NAME instead of HOST
      --certificate FILE, --key FILE
                            shown to a gateway that asks for one
      --mac ADDRESS         network card to state, 00:11:22:33:44:55
      --script FILE         commands from a file, checked before any is sent; - = standard input
      --keep-going          a script goes on behind a line that failed
      --no-history          lines typed at the prompt are not kept for the next run
      --timeout SECONDS     how long the logon and each line may take, 1 to 86400 (10)
      --json                a JSON object a line instead of text
      --language en|zh      by default as LC_ALL, LC_MESSAGES or LANG say

    Standard input that is no terminal is a script too. Commands:

    """ + indented(englishCommands) + """


      Exit codes: 0 everything was done; 1 a line failed otherwise; 2 called wrongly, or a line is
      no command; 3 logon refused; 4 no connection, or it was lost; 5 an order of a script was
      refused or, by try, would be; 6 timed out; 128 and the signal's number when one ended it.
      """

  private static let chineseUsage = """
    用法：sluice terminal --connect 主机:端口 --account 账户 [选项]

      --password-file 文件  首行为密码；否则取 $SLUICE_PASSWORD，再否则在终端询问
      --tls                 使用 TLS；证书须签给该主机，并由系统信任的机构签发
      --ca 文件             改为信任此机构或此证书
      --tls-name 名称       证书须签给此名称而非主机
      --certificate 文件、--key 文件
                            网关索要时出示的证书与私钥
      --mac 地址            上报的网卡地址，00:11:22:33:44:55
      --script 文件         从文件读取命令，发送前整体检查；- 为标准输入
      --keep-going          脚本遇失败行继续执行
      --no-history          不保存提示符下输入的历史
      --timeout 秒数        登录及每行的时限，1 至 86400（默认 10）
      --json                每行输出一个 JSON 对象
      --language en|zh      默认取 LC_ALL、LC_MESSAGES 或 LANG

    标准输入不是终端时按脚本处理。命令：

    """ + indented(chineseCommands) + """


      退出码：0 全部完成；1 某行因其他原因失败；2 用法错误或某行不是命令；3 登录被拒；
      4 无法连接或连接中断；5 脚本中有报单被拒（或 try 将被拒）；6 超时；被信号结束时为 128 加信号编号。
      """

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
  }
}
